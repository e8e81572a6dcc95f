"""Records what a real engine answers about one of everything, for the probes' unit tests.

Run inside a lab host whose engine has no containers yet, with the name of an image that has
`sleep`; prints the JSON that `recorded/` keeps, one file an engine:

    docker exec -i HOST /ldn/bin/python3 - localhost/box < record.py > recorded/26.1.json
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
from typing import Any

NETWORKS = [
    "test-net --subnet 172.30.0.0/16 --gateway 172.30.0.1",
    "quiet-net --subnet 172.31.7.0/24 -o com.docker.network.bridge.enable_icc=false",
    "in-net --subnet 172.31.8.0/24 --internal",
]
CONTAINERS = [
    "centos01",
    "alpine01 --link centos01:centos01-alias",
    "twin --link 'centos01:a1 a2'",
    "web -p 8080:80 -p 127.0.0.1:8443:443 --expose 9000",
    "test1 --network test-net --network-alias app",
    "test2 --network test-net --network-alias app",
    "test3 --network test-net --link test1:one",
    "byid --network $(docker network inspect -f '{{.Id}}' test-net)",
    "both",
    "q1 --network quiet-net",
    "q2 --network quiet-net",
    "in1 --network in-net",
    "onhost --network host -p 81:80",
    "alone --network none",
    "joined --network container:centos01",
    "added --add-host centos01:172.17.0.2",
    "gone",
    "held",
]
KEPT = {
    "": ("Id", "Created", "Name", "Image", "State", "Config", "HostConfig", "NetworkSettings"),
    "Config": ("Image", "ExposedPorts", "Hostname", "Labels"),
    "HostConfig": ("NetworkMode", "Links", "PortBindings", "ExtraHosts"),
}
INFO = ("ServerVersion", "LiveRestoreEnabled", "IPv4Forwarding", "LoggingDriver", "CgroupVersion")


class Engine(http.client.HTTPConnection):
    """The engine's API over its socket."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/run/docker.sock")


def get(path: str) -> dict[str, Any]:
    """Ask the engine and keep the parts that the project reads."""
    engine = Engine("docker")
    engine.request("GET", path)
    answer = engine.getresponse()
    value = json.loads(answer.read())
    if answer.status == 200 and path.endswith("/json") and path.startswith("/containers/"):
        value = {key: value[key] for key in KEPT[""]}
        for part in ("Config", "HostConfig"):
            value[part] = {key: value[part][key] for key in KEPT[part] if key in value[part]}
    if path == "/info":
        value = {key: value[key] for key in INFO if key in value}
    return {"status": answer.status, "value": value}


def main(image: str) -> None:
    """Make one of everything, record it, remove it."""
    script = [f"docker network create {network}" for network in NETWORKS]
    script += [f"docker run -d --name {options} {image} sleep infinity" for options in CONTAINERS]
    script += [
        f"docker create --name never {image} sleep infinity",
        "docker network connect --alias second test-net both",
        "docker kill gone",
        "docker pause held",
    ]
    for line in script:
        subprocess.run(["bash", "-c", line], check=True, stdout=sys.stderr)
    names = [line.split()[0] for line in [*CONTAINERS, "never", "nobody"]]
    paths = [f"/containers/{name}/json" for name in names]
    paths += [
        f"/networks/{line.split()[0]}" for line in [*NETWORKS, "bridge x", "host x", "none x"]
    ]
    inspected = {path: get(path) for path in paths}
    inspected |= {path: get(path) for path in ("/networks", "/networks/no-net", "/info")}
    inspected["/containers/json?all=true"] = get("/containers/json?all=true")
    for path in list(inspected):
        identity = inspected[path]["value"]
        if isinstance(identity, dict) and "Id" in identity:
            kind = path.split("/")[1]
            tail = "/json" if kind == "containers" else ""
            inspected[f"/{kind}/{identity['Id']}{tail}"] = {"same": path}
    inspected[f"/images/{image}/json"] = _image(image)
    print(json.dumps(inspected, indent=1, sort_keys=True))
    subprocess.run(
        ["docker", "rm", "-f", *[name for name in names if name != "nobody"]],
        check=True,
        stdout=sys.stderr,
    )
    subprocess.run(
        ["docker", "network", "rm", *[line.split()[0] for line in NETWORKS]],
        check=True,
        stdout=sys.stderr,
    )


def _image(image: str) -> dict[str, Any]:
    answer = get(f"/images/{image}/json")
    return {"status": answer["status"], "value": {"Id": answer["value"]["Id"]}}


if __name__ == "__main__":
    main(sys.argv[1])
