"""Whatever a link spells, only the open web is opened."""

import ipaddress
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SetupError, UnsafeAddress
from bot.gather.http.addresses import Allowed, check_url, is_public, join_url

SAMPLES = Path(__file__).parents[3] / "shared/data/hostile/ssrf_urls.jsonl"
# These families are told by a resolver or a server: test_fetch holds them.
TOLD_LATER = {"dns-private", "dns-mixed", "dns-rebind", "dns-fail", "redirect", "redirect-chain"}

CLOSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.31.0.1",
    "192.0.0.9",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.19.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OPEN = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "100.128.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "198.20.0.1",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2606:2800:220:1:248:1893:25c8:1946",
    "2a00:1450::1",
]
SAME_PLACE = [
    "http://news.test/ok",
    "HTTP://NEWS.TEST/ok",
    "http://news.test./ok",
    "http://news.test:80/ok",
    "http://news.test:/ok",
    "http://ｎｅｗｓ.test/ok",
    "http://news。test/ok",
    "http://n%65ws.test/ok",
    "feed://news.test/ok",
    "feed:http://news.test/ok",
    "feed://http://news.test/ok",
    "http://news.test/ok#@127.0.0.1",
]
REFUSED = [
    "",
    "news.test",
    "//news.test/ok",
    "ftp://news.test/",
    "http:news.test",
    "http://",
    "http:///news.test/",
    "http://.",
    "http://..",
    "http://a..test",
    "http://a b.test",
    "http://:80/",
    "http://news.test:0/",
    "http://news.test:99999/",
    "http://news.test:22/",
    "http://news.test:x/",
    "http://me@news.test/",
    "http://me:secret@news.test/",
    "http://news.test\\@127.0.0.1/",
    "http://localhost/",
    "http://printer/",
    "http://printer.local/",
    "http://a.localhost/",
    "http://[::1/",
    "http://[zz]/",
    "http://[fe80::1%25eth0]/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://1.1.1.256/",
    "http://1.09.1.1/",
    "http://a.1.1.1/",
    "http://%ff.test/",
    "http://news.test/" + "a" * 5000,
]


@pytest.mark.parametrize("address", CLOSED)
def test_a_special_address_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_an_ordinary_address_is_public(address):
    assert is_public(ipaddress.ip_address(address))


@given(address=st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_what_python_takes_for_private_is_never_public(address):
    assert address.is_global or not is_public(address)


@pytest.mark.parametrize("url", SAME_PLACE)
def test_one_place_has_one_spelling(url):
    checked = check_url(url)
    assert checked.url == "http://news.test/ok"
    assert (checked.scheme, checked.host, checked.port) == ("http", "news.test", 80)
    assert checked.address is None


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_public_web_link_is_refused(url):
    with pytest.raises(UnsafeAddress):
        check_url(url)


def spellings(address):
    number, octets = int(address), address.packed
    tail = number & 0xFFFFFF
    yield from (str(number), hex(number), f"0{number:o}", f"0X{number:X}")
    yield ".".join(map(hex, octets))
    yield ".".join(f"{o:04o}" for o in octets)
    yield f"{octets[0]}.{tail}"
    yield f"{octets[0]}.{octets[1]}.{number & 0xFFFF}"
    yield str(address) + "."
    yield "".join(chr(0xFEE0 + ord(c)) for c in str(address))
    yield "".join(f"%{ord(c):02x}" for c in str(address))


@given(address=st.ip_addresses(v=4))
def test_every_spelling_of_an_ipv4_address_is_judged_as_that_address(address):
    for spelling in spellings(address):
        url = f"http://{spelling}/ok"
        if is_public(address):
            assert check_url(url).address == address
        else:
            with pytest.raises(UnsafeAddress):
                check_url(url)


@given(address=st.ip_addresses(v=6), where=st.sampled_from(["short", "exploded"]))
def test_ipv6_addresses_are_judged_in_every_spelling(address, where):
    url = f"http://[{address.exploded if where == 'exploded' else address}]/ok"
    if is_public(address):
        assert check_url(url).url == f"http://[{address}]/ok"
    else:
        with pytest.raises(UnsafeAddress):
            check_url(url)


def judged(url):
    try:
        return check_url(url)
    except UnsafeAddress as error:
        return str(error)


NAMES = st.from_regex(r"[a-z0-9-]+(\.[a-z]+){1,3}", fullmatch=True)


@given(host=st.text("aZ09.-_~!x ", max_size=20) | NAMES)
def test_a_plain_host_is_read_the_short_way_as_the_long_one_reads_it(host):
    encoded = "".join(f"%{ord(character):02x}" for character in host)
    assert judged(f"http://{host}/ok") == judged(f"http://{encoded}/ok")


@given(url=st.text() | st.builds("http{}//{}/{}".format, st.just(":"), st.text(), st.text()))
def test_any_text_is_refused_or_becomes_ascii_that_stays_as_it_is(url):
    try:
        checked = check_url(url)
    except UnsafeAddress:
        return
    assert checked.url.isascii()
    assert checked.url.isprintable()
    assert check_url(checked.url) == checked


def test_path_and_query_keep_their_escapes():
    url = check_url("https://news.test:8443/a%2Fb/%7Ec/ü d?q=é&x=%26#part").url
    assert url == "https://news.test:8443/a%2Fb/%7Ec/%C3%BC%20d?q=%C3%A9&x=%26"
    assert check_url("http://news.test?q").url == "http://news.test/?q"
    assert check_url(" http://news.test/a\tb\n").url == "http://news.test/ab"


def test_names_of_every_script_become_ascii():
    assert check_url("http://bücher.test/").host == "xn--bcher-kva.test"
    assert check_url("http://한국.test/").host == "xn--3e0b707e.test"


def test_what_the_operator_allows_may_be_local_and_at_any_port():
    allowed = Allowed(["127.0.0.1:8999", "Desk.lan:9000", "[::1]:7000", "192.168.1.0/24"])
    for url in (
        "http://127.0.0.1:8999/",
        "http://2130706433:8999/",
        "http://desk.lan:9000/",
        "http://[0::1]:7000/",
        "http://192.168.1.77:5/",
    ):
        check_url(url, allowed=allowed)
    for url in (
        "http://127.0.0.1:8998/",
        "http://127.0.0.2:8999/",
        "http://desk.lan:9001/",
        "http://[::1]:7001/",
        "http://192.168.2.1/",
    ):
        with pytest.raises(UnsafeAddress):
            check_url(url, allowed=allowed)


@pytest.mark.parametrize("entry", ["127.0.0.1", "desk:", ":80", "10.0.0.0/99", "desk:port"])
def test_an_unreadable_allowance_is_told_to_the_operator(entry):
    with pytest.raises(SetupError, match="allowed"):
        Allowed([entry])


def test_links_are_joined_to_their_page():
    assert join_url("http://news.test/a/b", "../c") == "http://news.test/c"
    assert join_url("https://news.test/a", "//other.test/x") == "https://other.test/x"
    with pytest.raises(UnsafeAddress):
        join_url("http://news.test/", "http://[::1")


@pytest.mark.skipif(not SAMPLES.exists(), reason="the hostile samples are not at hand")
def test_every_sample_that_its_url_alone_tells_is_judged_right():
    samples = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    told_now = [sample for sample in samples if sample["family"] not in TOLD_LATER]
    assert len(told_now) > 100
    wrong = [s["id"] for s in told_now if _is_opened(s["url"]) != (s["expect"] == "allow")]
    assert wrong == []


def _is_opened(url):
    try:
        check_url(url)
    except UnsafeAddress:
        return False
    return True
