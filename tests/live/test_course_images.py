"""The course's images as a lesson uses them: their variables and mounts, their logs, their end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runner.course.lesson import HostSpec
from runner.lab import lab as labs
from runner.lab.handle import LabHandle, LabRequest
from tests.live.inside import ends_politely, inside, said, until

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

OWNER = "test-course-images"
IMAGES = ["localhost/box", "localhost/mysql", "localhost/wordpress"]
TABLES = 12
"""What an installation of WordPress makes."""
PASSWORD = '"it\'s so"'
"""A password that wants quoting, in the shell and in SQL."""
LOGIN = f"docker exec db mysql -h 127.0.0.1 -uwriter -p{PASSWORD} pages -N -B -e"


@pytest.fixture(scope="module")
def lab() -> Iterator[LabHandle]:
    labs.down_all(OWNER)
    request = LabRequest("test", "lesson-08", OWNER, {"docker": HostSpec()}, IMAGES, purpose="test")
    yield labs.reset(request)
    labs.down_all(OWNER)


@pytest.fixture(autouse=True)
def nothing_left(lab: LabHandle) -> Iterator[None]:
    yield
    inside(lab, "docker rm -fv db web; rm -rf /root/data /root/conf /root/first /root/site")


def start_database(handle: LabHandle, options: str = "") -> None:
    said(
        handle,
        "docker run -d --name db -e MYSQL_ROOT_PASSWORD=deep -e MYSQL_DATABASE=pages"
        f" -e MYSQL_USER=writer -e MYSQL_PASSWORD={PASSWORD} {options} localhost/mysql",
    )
    until(lambda: inside(handle, f'{LOGIN} "SELECT 1"').ok)


def test_a_database_without_a_root_password_is_refused(lab: LabHandle) -> None:
    done = inside(lab, "docker run --rm localhost/mysql")
    assert done.status == 1
    assert "MYSQL_ROOT_PASSWORD" in done.stdout


def test_a_database_is_made_once_and_kept(lab: LabHandle) -> None:
    start_database(lab, "-v /root/data:/var/lib/mysql")
    assert said(lab, f'{LOGIN} "CREATE TABLE page (n int); SHOW TABLES"') == "page"
    assert not inside(lab, "docker exec db mysql -uroot -e 'SELECT 1'").ok
    hosts = "docker exec db mysql -uroot -pdeep -N -B -e"
    asked = f"{hosts} \"SELECT host FROM mysql.user WHERE user = 'root' ORDER BY 1\""
    assert said(lab, asked).split() == ["%", "localhost"]
    ends_politely(lab, "db")
    said(lab, "docker rm -v db")
    start_database(lab, "-v /root/data:/var/lib/mysql -e MYSQL_ROOT_PASSWORD=other")
    assert said(lab, f'{LOGIN} "SHOW TABLES"') == "page"
    assert "making a new database" not in said(lab, "docker logs db")


def test_settings_and_first_scripts_are_read(lab: LabHandle) -> None:
    said(
        lab,
        "mkdir -p /root/conf /root/first"
        " && printf '[mysqld]\\nserver-id=77\\nlog-bin=mysql-bin\\n' >/root/conf/own.cnf"
        " && echo 'CREATE TABLE early (n int);' >/root/first/1.sql",
    )
    start_database(
        lab, "-v /root/conf:/etc/mysql/conf.d:ro -v /root/first:/docker-entrypoint-initdb.d:ro"
    )
    assert said(lab, f'{LOGIN} "SELECT @@server_id, @@log_bin; SHOW TABLES"') == "77\t1\nearly"


def test_a_database_stopped_while_it_is_made_begins_anew(lab: LabHandle) -> None:
    said(lab, "docker run -d --name db -e MYSQL_ROOT_PASSWORD=a -v /root/data:/var/lib/mysql"
              " localhost/mysql && docker kill db && docker rm db")  # fmt: skip
    start_database(lab, "-v /root/data:/var/lib/mysql")
    assert said(lab, "ls -A /root/data | grep -c '^[.]'||true") == "0"


@pytest.mark.parametrize("mount", ["", "-v /root/site:/var/www/html"], ids=["inside", "mounted"])
def test_a_website_is_installed_over_http(lab: LabHandle, mount: str) -> None:
    start_database(lab)
    said(
        lab,
        f"docker run -d --name web -p 80:80 --link db {mount} -e WORDPRESS_DB_HOST=db:3306"
        " -e WORDPRESS_DB_NAME=pages -e WORDPRESS_DB_USER=writer"
        f" -e WORDPRESS_DB_PASSWORD={PASSWORD} -e WORDPRESS_TABLE_PREFIX=site_"
        " localhost/wordpress",
    )
    page = "curl -sf http://127.0.0.1/wp-admin/install.php"
    until(lambda: 'id="setup"' in inside(lab, page).stdout)
    said(
        lab,
        "curl -sf -o /dev/null -d weblog_title=Made -d user_name=me -d admin_password=abc123"
        " -d admin_password2=abc123 -d pw_weak=on -d admin_email=me@example.org"
        " 'http://127.0.0.1/wp-admin/install.php?step=2'",
    )
    tables = said(lab, f'{LOGIN} "SHOW TABLES"').split()
    assert len(tables) == TABLES
    assert all(name.startswith("site_") for name in tables)
    assert "<title>Made</title>" in said(lab, "curl -sf http://127.0.0.1/")
    assert '"GET / HTTP/1.1" 200' in said(lab, "docker logs web")
    ends_politely(lab, "web")


def test_a_website_without_its_database_says_so(lab: LabHandle) -> None:
    said(
        lab, "docker run -d --name web -p 80:80 -e WORDPRESS_DB_HOST=127.0.0.1 localhost/wordpress"
    )
    page = "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1/"
    until(lambda: inside(lab, page).stdout == "500")
