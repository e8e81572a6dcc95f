"""The images of the cluster and of the balancer: user, data, end, floating address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.handle import LabHandle, LabRequest
from tests.live.inside import ends_politely, inside, said, until

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

OWNER = "test-cluster-images"
IMAGES = ["localhost/redis", "localhost/haproxy"]
PAGE = "http-request return status 200 content-type text/plain string here"
BALANCER = (
    "docker run -d --name lb --cap-add NET_ADMIN --cap-add NET_RAW"
    " -v /root/conf/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"
)
FLOATING = """vrrp_instance front {
  interface eth0
  virtual_router_id 7
  advert_int 1
  virtual_ipaddress {
    172.17.0.200/16
  }
}
"""
STORE = "docker run -d --name store -v /root/data:/data localhost/redis --appendonly yes"
ADDRESS = "docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}'"
KEEPALIVED = "-v /root/conf/keepalived.conf:/etc/keepalived/keepalived.conf:ro"


@pytest.fixture(scope="module")
def lab() -> Iterator[LabHandle]:
    labs.down_all(OWNER)
    request = LabRequest("test", "lesson-24", OWNER, {"docker": HostSpec()}, IMAGES, purpose="test")
    yield labs.reset(request)
    labs.down_all(OWNER)


@pytest.fixture(autouse=True)
def nothing_left(lab: LabHandle) -> Iterator[None]:
    yield
    inside(lab, "docker rm -fv store lb; rm -rf /root/conf /root/data")


def configure(handle: LabHandle, keepalived: str = "") -> None:
    lines = ("defaults", " mode http", " timeout client 5s", "frontend in", " bind :80", f" {PAGE}")
    words = " ".join(f"'{line}'" for line in lines)
    said(handle, f"mkdir -p /root/conf; printf '%s\\n' {words} > /root/conf/haproxy.cfg")
    said(handle, f"printf '%s' '{keepalived}' > /root/conf/keepalived.conf")


def test_a_store_gives_up_root_keeps_its_data_and_ends_politely(lab: LabHandle) -> None:
    said(lab, STORE)
    until(lambda: inside(lab, "docker exec store redis-cli set a 1").ok)
    assert said(lab, "docker exec store stat -c %U /proc/1 /data") == "redis\nredis"
    ends_politely(lab, "store")
    assert "Ready to accept connections" in said(lab, "docker logs store")
    said(lab, f"docker rm store; {STORE}")
    until(lambda: inside(lab, "docker exec store redis-cli get a").stdout.strip() == "1")


def test_a_store_takes_a_configuration_and_answers_its_neighbours(lab: LabHandle) -> None:
    said(lab, "mkdir -p /root/conf; echo requirepass deep > /root/conf/redis.conf")
    mount = "-v /root/conf/redis.conf:/etc/redis/redis.conf"
    said(
        lab,
        f"docker run -d --name store {mount} localhost/redis redis-server /etc/redis/redis.conf",
    )
    until(lambda: "NOAUTH" in inside(lab, "docker exec store redis-cli get a").stdout)
    said(lab, "docker rm -f store; docker run -d --name store localhost/redis")
    address = said(lab, f"{ADDRESS} store")
    ping = f"docker run --rm localhost/redis redis-cli -h {address} ping"
    until(lambda: inside(lab, ping).stdout.strip() == "PONG")


def test_a_balancer_alone_serves_and_ends_politely(lab: LabHandle) -> None:
    configure(lab)
    said(lab, f"{BALANCER} localhost/haproxy")
    address = said(lab, f"{ADDRESS} lb")
    until(lambda: inside(lab, f"curl -fs http://{address}/").stdout == "here")
    ends_politely(lab, "lb")


def test_a_balancer_takes_the_floating_address_and_hands_it_over_at_its_end(lab: LabHandle) -> None:
    configure(lab, FLOATING)
    said(lab, f"{BALANCER} {KEEPALIVED} localhost/haproxy")
    until(lambda: inside(lab, "curl -fs -m 1 http://172.17.0.200/").stdout == "here")
    ends_politely(lab, "lb")
    log = said(lab, "docker logs lb 2>&1")
    assert log.index("Stopped Keepalived") < log.index("All workers exited")


def test_a_balancer_whose_keepalived_cannot_run_ends_and_says_why(lab: LabHandle) -> None:
    configure(lab, "nonsense")
    said(lab, f"{BALANCER} {KEEPALIVED} localhost/haproxy -f /nowhere")
    until(lambda: said(lab, "docker inspect -f '{{.State.Status}}' lb") == "exited")
    assert "nowhere" in said(lab, "docker logs lb 2>&1")
