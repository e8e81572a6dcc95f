"""What this machine's own tables say about ranges in use."""

from __future__ import annotations

import json

from runner.lab.routes import (
    Used,
    from_ip,
    from_netstat,
    from_proc,
    from_resolv_conf,
    machine_ranges,
)


def shown(found: list[Used]) -> list[tuple[str, str]]:
    return [(str(item.range), item.by) for item in found]


def test_ip_routes_of_every_table() -> None:
    text = json.dumps(
        [
            {"dst": "default", "gateway": "192.0.2.1", "dev": "eth0"},
            {"dst": "192.0.2.0/24", "dev": "eth0"},
            {"dst": "10.66.0.0/16", "dev": "wg0", "table": "51820"},
            {"dst": "10.8.0.7", "dev": "tun0"},
            {"type": "local", "dst": "127.0.0.0/8", "dev": "lo", "table": "local"},
            {"type": "broadcast", "dst": "192.0.2.255", "dev": "eth0"},
        ]
    )
    assert shown(from_ip(text)) == [
        ("192.0.2.0/24", "eth0"),
        ("10.66.0.0/16", "wg0"),
        ("10.8.0.7/32", "tun0"),
    ]


def test_what_is_no_answer_of_ip_is_no_route() -> None:
    assert from_ip("") == []
    assert from_ip("Object unknown") == []


def test_proc_net_route() -> None:
    text = (
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
        "tun0\t0000420A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
    )
    assert shown(from_proc(text)) == [("10.66.0.0/16", "tun0")]


def test_macos_shortens_its_routes() -> None:
    text = (
        "Routing tables\n\nInternet:\nDestination        Gateway            Flags        Netif\n"
        "default            192.0.2.1          UGScg          en0\n"
        "10.66/16           10.8.0.5           UGSc         utun3\n"
        "127                127.0.0.1          UCS            lo0\n"
    )
    assert shown(from_netstat(text)) == [("10.66.0.0/16", "utun3"), ("127.0.0.0/8", "lo0")]


def test_resolvers_count() -> None:
    text = "search example\nnameserver 10.66.0.2\nnameserver fe80::1\n#nameserver 10.66.0.3\n"
    assert shown(from_resolv_conf(text)) == [("10.66.0.2/32", "resolver")]


def test_this_machine_can_be_read() -> None:
    assert all(item.range.prefixlen > 0 for item in machine_ranges())
