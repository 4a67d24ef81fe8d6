# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 600
"""
The Debian packages, in their life on a router: installed over stock's vrrpd, upgraded, rolled back, purged, and
installed again.

They are made of what lab/build has built, by the debhelper programs of debian/rules. The lab itself is r1, with
Debian's own init script; r2 is its peer, and reaches the VIP by r1 while that is Active.
"""
import glob
import os
import re

from helpers.footprint import Footprint
from helpers.namespace import Namespace
from helpers.probes import Probes
from helpers.router import Machine
from helpers.wait import differs, wait_for

DEST, WORK = "/build/dest", "/tmp/package"
INIT = "/usr/lib/frr/frrinit.sh"
RESTART = "/usr/lib/frr/watchfrr.sh restart vrrpd >/tmp/restart.log 2>&1 </dev/null"
VIP = "203.0.113.10"
OLDER, NEWER = "0.1.0", "0.2.0"
MODULE, SUBAGENT = "/usr/lib/frr/vrrp-http.so", "/usr/lib/frr/vrrp-snmp"
DIVERTED = {
    "/usr/lib/frr/vrrpd": "/usr/lib/frr/vrrpd.stock",
    "/usr/bin/vtysh": "/usr/bin/vtysh.stock",
    "/usr/share/man/man8/frr-vrrpd.8.gz": "/usr/share/man/man8/frr-vrrpd.stock.8.gz",
}
GROUP = """
interface {link}
 vrrp 10
 vrrp 10 priority {priority}
 vrrp 10 advertisement-interval 200
 vrrp 10 startup-hold 0
 vrrp 10 peer {peer}
 vrrp 10 ip 203.0.113.10
exit
"""
# dh_auto_install is what lab/build did
HELPERS = ("install", "installdocs", "installchangelogs", "link", "compress", "fixperms", "installdeb")
LAB, R2 = Machine(), Namespace("r2")
# what r1 has while stock's vrrpd runs
STOCK = {}


def make(*versions):
    """The packages of each version, in a folder of its own. The daemons differ in their version alone."""
    top = f"{WORK}/frr-crossvip"
    LAB.must_run(f"mkdir -p {top} && cp -a /src/debian {top}/ && cp -a {DEST} {top}/debian/tmp")
    script = " && ".join(f"dh_{helper}" for helper in HELPERS)
    LAB.must_run(f"cd {top} && rm -f debian/tmp/.installed && {script}")
    LAB.must_run(f"cd {top} && make -f debian/rules override_dh_shlibdeps")
    for version in versions:
        rename(f"{top}/debian/changelog", rb"\(.*?\)", f"({version}-1)")
        rename(f"{top}/debian/frr-crossvip/usr/lib/frr/vrrpd", rb"frr-crossvip \d\.\d\.\d", f"frr-crossvip {version}")
        make_one = "make -f debian/rules override_dh_gencontrol && dh_md5sums && dh_builddeb"
        LAB.must_run(f"mkdir {WORK}/{version} && cd {top} && {make_one} --destdir={WORK}/{version} -- -Znone")


def rename(path, pattern, text):
    """Writes text in the place of the first match in a file."""
    with open(path, "r+b") as file:
        said, count = re.subn(pattern, text.encode(), file.read(), count=1)
        assert count == 1, f"{path} has no {pattern}"
        file.seek(0)
        file.truncate()
        file.write(said)


def uninstall_the_labs():
    """The lab puts what was built in its place: stock's files come back."""
    for file in DIVERTED:
        if os.path.exists(f"{file}.stock"):
            os.rename(f"{file}.stock", file)
    for folder, _, names in os.walk(DEST, topdown=False):
        place = folder.removeprefix(DEST)
        for name in names:
            installed = os.path.join(place, name)
            if installed not in DIVERTED and os.path.isfile(installed):
                os.remove(installed)
        if place and os.path.isdir(place) and not os.listdir(place):
            os.rmdir(place)


def setup_module():
    """Two routers; r1 has stock's vrrpd."""
    assert os.environ.get("LAB_KERNEL"), "this test installs packages: it runs only in the lab"
    make(OLDER, NEWER)
    uninstall_the_labs()
    LAB.must_run("install -d -o frr -g frr /run/frr")  # r2's folder is in it
    R2.build()
    LAB.must_run("ip link add r1-r2 type veth peer name r2-r1 netns r2")
    LAB.must_run("ip link set r1-r2 up; ip address add 192.0.2.1/24 dev r1-r2")
    R2.must_run("ip link set r2-r1 up; ip address add 192.0.2.2/24 dev r2-r1")
    R2.must_run(f"ip route add {VIP} via 192.0.2.1")
    LAB.must_run("sed -i 's/^vrrpd=no/vrrpd=yes/' /etc/frr/daemons")
    with open("/etc/frr/frr.conf", "w", encoding="ascii") as file:
        file.write(GROUP.format(link="r1-r2", priority=200, peer="192.0.2.2"))
    LAB.must_run("chown frr:frr /etc/frr/frr.conf; sysctl -qw net.ipv4.ip_forward=1")
    LAB.must_run(f"{INIT} start >/tmp/init.log 2>&1 </dev/null")
    STOCK.update(kernel=Footprint(LAB), files=files())


def teardown_module():
    """Ends both."""
    R2.demolish()
    LAB.run(f"{INIT} stop >/tmp/init.log 2>&1")
    LAB.run("ip link delete r1-r2")


def files():
    """Of FRR on r1, wherever an administrator would look."""
    folders = "/etc/frr /run/frr /usr/lib/frr /usr/share/doc/frr* /usr/share/yang"
    return set(LAB.must_run(f"find {folders} -name r2 -prune -o -print").split())


def dpkg(options):
    """Runs dpkg as an administrator does; returns what it said."""
    return LAB.must_run(f"DEBIAN_FRONTEND=noninteractive dpkg {options} </dev/null 2>&1")


def install(version, name="frr-crossvip*"):
    """Installs packages; returns what dpkg said."""
    return dpkg(f"--install {' '.join(glob.glob(f'{WORK}/{version}/{name}_*.deb'))}")


def verified():
    """What dpkg has against the files of the package frr, beside its configuration."""
    shown = LAB.run("dpkg --verify frr")[1].splitlines()
    return [line for line in shown if " c /" not in line]


def version_that_runs():
    """Of r1, and whether its file is another by now."""
    return LAB.show_json("vrrpd", "show vrrp version json")


def check_runs(version):
    """r1's vrrpd is of that version, and so is its file."""
    said = version_that_runs()
    assert said["version"] == f"frr-crossvip {version}" and not said["replaced"], said


def changes_daemon(version):
    """An upgrade to it starts another vrrpd; r2 loses none of its probes of the VIP, and stays Backup."""
    before, moves = LAB.pid("vrrpd"), R2.transitions()
    with Probes([R2], [VIP]) as probes:
        said = install(version)
        LAB.wait_state("Active", ["v4"])
    assert LAB.pid("vrrpd") != before and "vrrpd that runs" not in said, said
    check_runs(version)
    lost = {key: result.lost for key, result in probes.results().items()}
    assert not any(lost.values()), f"answers that are missing: {lost}"
    assert R2.transitions() == moves, "the VIP moved"


def replaces_stock(version, name):
    """Installed, the package changes nothing that runs; then vrrpd is started anew, and r1 is Active."""
    before = LAB.pid("vrrpd")
    said = install(version, name)
    assert LAB.pid("vrrpd") == before
    for file, aside in DIVERTED.items():
        assert os.path.exists(file) and os.path.exists(aside), f"{file}, {aside}: {said}"
    assert verified() == []
    LAB.must_run(RESTART)
    LAB.wait_state("Active", ["v4"])
    check_runs(version)


def test_package_is_installed_over_stock():
    """Stock's files are put aside, and what ran runs on until it is started anew."""
    replaces_stock(OLDER, "frr-crossvip")
    assert not os.path.exists(MODULE), "it is in frr-crossvip-http"
    assert not os.path.exists(SUBAGENT), "it is in frr-crossvip-snmp"
    R2.write_conf(GROUP.format(link="r2-r1", priority=100, peer="192.0.2.1"))
    R2.boot()
    R2.wait_state("Backup", ["v4"])


def test_upgrade_loses_nothing():
    """The package's script starts vrrpd anew by "vrrp restart"."""
    changes_daemon(NEWER)
    assert os.path.exists(MODULE) and os.path.exists(SUBAGENT)


def test_rollback_loses_nothing():
    """As an upgrade does."""
    changes_daemon(OLDER)


def test_daemon_older_than_the_package_is_named():
    """Without watchfrr nobody would start it again: it runs on, and the package and the daemon say so."""
    before = LAB.pid("vrrpd")
    LAB.kill("watchfrr")
    said = install(NEWER)
    assert LAB.pid("vrrpd") == before
    assert "the vrrpd that runs is not the one that was installed" in said, said
    assert version_that_runs() == {**version_that_runs(), "version": f"frr-crossvip {OLDER}", "replaced": True}
    assert "has been replaced" in LAB.show("vrrpd", "show vrrp version")


def test_purge_leaves_stock_as_it_was():
    """As the guide says: r2 takes the VIP, and when stock's vrrpd runs, r1 is as it was before the package."""
    LAB.must_run("vtysh -c 'vrrp drain'")
    R2.wait_state("Active", ["v4"])
    said = dpkg("--purge frr-crossvip frr-crossvip-http frr-crossvip-snmp")
    assert verified() == []
    assert "frr-crossvip" not in LAB.must_run("dpkg-divert --list"), said
    LAB.run(RESTART)  # stock's does not know "vrrp 10 peer", and the script says so
    assert LAB.alive("vrrpd") and not version_that_runs()
    wait_for("r1 is as it was", STOCK["kernel"].changed)
    wait_for("stock's files are there, and no others", lambda: differs(files() ^ STOCK["files"], set()))
    assert R2.state() == "Active"


def test_package_is_installed_again():
    """As the first time, and r1 takes the VIP back."""
    replaces_stock(NEWER, "frr-crossvip*")
    R2.wait_state("Backup", ["v4"])


def test_autopkgtest_passes():
    """What Debian runs with the package installed: a pair in namespaces of its own."""
    LAB.must_run("sh -eu /src/debian/tests/pair")
