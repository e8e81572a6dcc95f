import pytest

from checks.shell import AnyExit, ShellAssertion
from checks.verdict import State, Verdict
from tests.checks.fake_lab import FakeLab, Reply, answer, output, shell


def judged(assertion: ShellAssertion, reply: Reply) -> Verdict:
    return assertion.judge({"run": answer(reply, assertion.run)})


def test_it_runs_its_command_on_the_host_with_its_timeout() -> None:
    lab = FakeLab({"ip addr": (0, "eth0")})
    answers = shell("ip addr").ask(lab, "docker2", 3.0)
    assert lab.asked == [("docker2", "ip addr")]
    assert answers["run"].request.timeout == 3.0


def test_success_is_expected_where_nothing_is_said() -> None:
    assert judged(shell(), (0, "anything", "warning: odd")).state is State.PASSED
    verdict = judged(shell("ping web"), (1, "", "PING\nping: web: unknown\n"))
    assert verdict.state is State.FAILED
    assert str(verdict.expected) == "the command succeeds (exit status 0)"
    assert str(verdict.found) == "exit status 1: “ping: web: unknown”"
    assert verdict.evidence == "$ ping web\nPING\nping: web: unknown\n"


def test_error_output_alone_is_no_failure() -> None:
    wanted = shell(stdout=output(equals="up"))
    assert judged(wanted, (0, "up\n", "WARNING: bridge-nf-call-iptables is disabled\n")).passed


def test_error_output_counts_where_the_author_says_so() -> None:
    wanted = shell(exit=AnyExit.ANY, stderr=output(contains=("already allocated",)))
    assert judged(wanted, (125, "", "port is already allocated")).passed
    verdict = judged(wanted, (0, "", ""))
    assert str(verdict.expected) == "the error output contains “already allocated”"


@pytest.mark.parametrize(("status", "right"), [(0, False), (1, True), (2, True), (3, False)])
def test_exit_statuses_can_be_listed(status: int, right: bool) -> None:
    verdict = judged(shell(exit=(1, 2)), (status, ""))
    assert verdict.passed is right
    if not right:
        assert str(verdict.expected) == "exit status 1, 2"


@pytest.mark.parametrize(("status", "right"), [(0, False), (1, True), (126, False), (127, False)])
def test_nonzero_means_that_it_ran_and_said_no(status: int, right: bool) -> None:
    assert judged(shell(exit=AnyExit.NONZERO), (status, "")).passed is right


def test_success_where_a_refusal_was_wanted_is_told() -> None:
    verdict = judged(shell(exit=AnyExit.NONZERO), (0, "64 bytes"))
    assert str(verdict.found) == "it succeeded (exit status 0)"


def test_negation_is_known() -> None:
    assert shell(exit=AnyExit.NONZERO).negated
    assert shell(exit=(1, 2)).negated
    assert shell(stdout=output(lacks=("x",))).negated
    assert shell(stderr=output(empty=True)).negated
    assert not shell(exit=(0, 1)).negated
    assert not shell(exit=AnyExit.ANY, stdout=output(contains=("x",))).negated


@pytest.mark.parametrize(
    ("said", "found", "look"),
    [
        (
            "Error: No such container: web",
            "there is no container named web",
            "`docker ps -a`",
        ),
        (
            "Error response from daemon: No such container: web\n",
            "there is no container named web",
            "`docker ps -a`",
        ),
        (
            "Error response from daemon: Container 3fa9 is not running",
            "the container 3fa9 is not running",
            "`docker ps -a`",
        ),
        (
            f"Error response from daemon: Container {'3fa9' * 16} is not running",
            "the container 3fa93fa93fa9 is not running",
            "`docker ps -a`",
        ),
        (
            "Error: No such network: test-net",
            "there is no network named test-net",
            "`docker network ls`",
        ),
        (
            "Error response from daemon: network test-net not found",
            "there is no network named test-net",
            "`docker network ls`",
        ),
        (
            "Unable to find image 'localhost/box:latest' locally",
            "there is no image named localhost/box:latest",
            "`docker image ls`",
        ),
        (
            "Error: No such object: web",
            "there is nothing named web in the engine",
            "`docker ps -a`",
        ),
        ('Device "br0" does not exist.', "there is no interface named br0", "`ip link`"),
        ("Cannot find device 'br0'", "there is no interface named br0", "`ip link`"),
        ("bridge br9 does not exist!", "there is no interface named br9", "`ip link`"),
        (
            'OCI runtime exec failed: exec failed: exec: "ping": executable file not found in PATH',
            "the container has no program named ping",
            None,
        ),
        (
            "ldn-run: line 1: brctl: command not found",
            "the lab host has no program named brctl",
            None,
        ),
        ("bash: line 1: dig: command not found", "there is no program named dig", None),
        ("sh: 1: dig: not found", "there is no program named dig", None),
        (
            "cat: /etc/docker/daemon.json: No such file or directory",
            "there is no file /etc/docker/daemon.json",
            None,
        ),
    ],
)
def test_a_missing_thing_is_named(said: str, found: str, look: str | None) -> None:
    verdict = judged(shell(), (1, "", said))
    assert verdict.state is State.FAILED
    assert str(verdict.found) == found
    assert (None if verdict.look is None else str(verdict.look)) == look
    assert said in verdict.evidence


def test_a_missing_thing_is_named_where_only_the_output_is_looked_at() -> None:
    wanted = shell(exit=AnyExit.ANY, stdout=output(contains=("172.17",)))
    verdict = judged(wanted, (1, "", "Error: No such container: web"))
    assert str(verdict.found) == "there is no container named web"


def test_silence_is_said() -> None:
    assert str(judged(shell(), (3, "")).found) == "exit status 3, without a word"
