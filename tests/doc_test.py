# SPDX-License-Identifier: GPL-2.0-or-later
"""
What doc_test.sh checks.

* Blocks marked frr are configurations: fresh daemons in a network namespace of
  their own get each by vtysh -f, take every line, show it again in the running
  configuration, and end up Active for every VIP in it.
* Blocks marked keepalived are read by keepalived -t.
* Lines of blocks marked console after a prompt r1# are typed into vtysh, and so
  is every show, clear and debug command that the text mentions.
* doc/user/commands.md has vrrpd's commands, all of them and no others;
  doc/user/show.md has all keys of its JSON, holds and reasons.
* doc/user/keepalived.md has a row for each word of keepalived.conf(5), and no other words; in
  it is a command of ours, or why there is none.
* Links lead somewhere, files of ours that the text names exist, the house has a
  line for every file of the daemon, and every document is installed.

A failure is a sentence with the place in the document. All are told before the
test fails.
"""
import fnmatch
import glob
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
DAEMON_DIR = "/usr/lib/frr"
README_MAX_LINES = 200
PATIENCE_SEC = 60
# a route to the peers of a configuration, which do not exist
WAY = "way0"

# a daemon, and the configuration lines that need it
DAEMONS = {
    "mgmtd": "",
    "zebra": "",
    "staticd": r"^ip(v6)? route ",
    "ospfd": r"^router ospf$|^ ip ospf ",
    "ospf6d": r"^router ospf6$|^ ipv6 ospf6 ",
    "bgpd": r"^router bgp ",
    "vrrpd": "",
}

# The part whose words are not indented.
GLOBAL_WORDS = "Global definitions"
KEEPALIVED_CONF = "/usr/share/man/man5/keepalived.conf.5.gz"
# Parts of that page which have no words of VRRP or IPVS, or those of other parts again.
NO_WORDS = (
    "DESCRIPTION",
    "TOP HIERACHY",
    "GLOBAL CONFIGURATION",
    "VRRPD CONFIGURATION",
    "LVS CONFIGURATION",
    "Conditional configuration and configuration id",
    "Parameter substitution",
    "Sequence blocks",
    "List blocks",
)

# mgmtd hands them their configuration.
READS_NO_FILE = ("mgmtd", "staticd")

# A group for the commands that need one to talk about, Active at once, and a service.
SOME_GROUP = """
ip router-id 192.0.2.1
interface eth0
 ip address 192.0.2.1/26
 ipv6 address 2001:db8:1::1/64
 vrrp 10
 vrrp 10 advertisement-interval 10
 vrrp 10 ttl-security hops 2
 vrrp 10 description The web pair
 vrrp 10 startup-hold 0
 vrrp 10 peer 198.51.100.1
 vrrp 10 peer 2001:db8:2::1
 vrrp 10 ip 203.0.113.10
 vrrp 10 ipv6 2001:db8:ffff::10
exit
ipvs service web tcp 203.0.113.10 80
ipvs service web server 192.0.2.11 80
ipvs service web sorry-server 192.0.2.12 80
"""

CHATTER = re.compile(
    r"^$|^Waiting for children|sending configuration$|done$|processing failure: \d+$"
)
NOT_CONFIGURATION = re.compile(r"^\s*(!.*|exit|exit-address-family|end|)$")
PROMPT = re.compile(r"^r\d(\([\w-]+\))?# (.*)$")
EXEC_COMMAND = re.compile(r"^(show|clear|debug|no debug|find) ")
WORD = re.compile(r"\b[a-z][\w-]*")
PLACEHOLDER = re.compile(r"[<\[(…|]|\bN\b|[A-Z]{4,}")
TOP_FOLDERS = "vrrpd zclient-glue netlink yang vtysh-cmds tests topotests lab doc debian"
OUR_FILE = re.compile(rf"(?<![\w/.$-])((?:{'|'.join(TOP_FOLDERS.split())})/[\w./*…-]*)")

failures = []


def fail(place, text):
    """Records a failure; the test goes on."""
    failures.append(place)
    print(f"FAIL: {place}: {text}", flush=True)


def passed(text):
    """Prints what has been checked."""
    print(f"      {text}", flush=True)


class Document:
    """One file, as its lines."""

    def __init__(self, name):
        self.name = name
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            text = file.read()
        if name.endswith(".8"):
            text = text.replace(".Bd -literal -offset indent", "```frr")
            text = text.replace(".Ed", "```")
        self.lines = text.splitlines()

    def place(self, number):
        """Where a line is, for a failure."""
        return f"{self.name}, line {number}"

    def blocks(self, tag):
        """Fenced blocks of that tag: [(number of the first line, [lines])]."""
        found, inside = [], None
        for number, line in enumerate(self.lines, 1):
            if inside is None and line.startswith("```"):
                inside = (line[3:].strip(), number + 1, [])
            elif inside is not None and line == "```":
                if inside[0] == tag:
                    found.append(inside[1:])
                inside = None
            elif inside is not None:
                inside[2].append(line)
        if inside is not None:
            fail(self.place(inside[1]), "this block is not closed")
        return found

    def text_lines(self):
        """[(number, line)] outside of fenced blocks."""
        found, inside = [], False
        for number, line in enumerate(self.lines, 1):
            if line.startswith("```"):
                inside = not inside
            elif not inside:
                found.append((number, line))
        return found

    def code_spans(self):
        """[(number, text)] of all `code`, of which one may go on in the next line."""
        text = "\n".join(
            line if (number, line) in set(self.text_lines()) else ""
            for number, line in enumerate(self.lines, 1)
        )
        return [
            (text.count("\n", 0, match.start()) + 1, " ".join(match[1].split()))
            for match in re.finditer(r"`([^`]+)`", text)
        ]

    def anchors(self):
        """The headings, as links name them."""
        titles = [
            line.lstrip("#").strip()
            for _, line in self.text_lines()
            if re.match(r"#+ ", line)
        ]
        return {
            re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")
            for title in titles
        }


def run(*command, **options):
    """Runs a command; returns (exit status, stdout + stderr)."""
    done = subprocess.run(
        command,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    return done.returncode, done.stdout


def must_run(*command):
    """Runs a command that must succeed."""
    status, output = run(*command)
    if status:
        raise SystemExit(f"doc_test: '{' '.join(command)}' failed: {output}")
    return output


class Router:
    """Fresh daemons for a configuration, in a fresh network namespace."""

    def __init__(self, configuration):
        self.daemons = [
            name
            for name, wanted in DAEMONS.items()
            if re.search(wanted, configuration, re.MULTILINE)
        ]
        self.links = set(re.findall(r"^interface (\S+)", configuration, re.MULTILINE))
        self.directory = tempfile.mkdtemp(prefix="doc_test.")
        shutil.chown(self.directory, "frr", "frrvty")
        os.chmod(self.directory, 0o755)

    def __enter__(self):
        # what was in the old namespace goes with its last process
        os.unshare(os.CLONE_NEWNET)
        must_run("ip", "link", "set", "lo", "up")
        for link in self.links - {"lo"} | {WAY}:
            must_run("ip", "link", "add", link, "type", "dummy")
            if link == WAY:  # without addresses, of which zebra would tell
                must_run("ip", "link", "set", link, "addrgenmode", "none")
            must_run("ip", "link", "set", link, "up")
        for family in ("-4", "-6"):
            must_run("ip", family, "route", "add", "default", "dev", WAY)
        for daemon in self.daemons:
            self._start(daemon)
        return self

    def __exit__(self, *_):
        for daemon in reversed(self.daemons):
            self._end(daemon)
        shutil.rmtree(self.directory)

    def path(self, name):
        """A file of this router."""
        return os.path.join(self.directory, name)

    def _start(self, daemon):
        command = [f"{DAEMON_DIR}/{daemon}", "-d", "-i", self.path(f"{daemon}.pid")]
        command += ["-z", self.path("zserv.api"), "--vty_socket", self.directory]
        command += ["--log", f"file:{self.path(daemon)}.log"]
        if daemon not in READS_NO_FILE:
            command += ["-f", "/dev/null"]
        # not to a pipe, which the daemon would keep
        with open(self.path(f"{daemon}.out"), "w+", encoding="utf-8") as out:
            status = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            out.seek(0)
            if status:
                raise SystemExit(f"doc_test: {daemon} does not start: {out.read()}")

    def _end(self, daemon):
        with open(self.path(f"{daemon}.pid"), encoding="ascii") as file:
            pid = int(file.read())
        number = signal.SIGTERM
        for _ in range(10 * PATIENCE_SEC):
            try:
                os.kill(pid, number)
                number = 0
            except ProcessLookupError:
                return
            time.sleep(0.1)
        fail(daemon, "does not end after SIGTERM")
        os.kill(pid, signal.SIGKILL)

    def vtysh(self, *options):
        """vtysh for these daemons; returns (exit status, output)."""
        return run("vtysh", "--vty_socket", self.directory, *options)

    def type(self, *commands):
        """Commands in one vtysh; returns what they printed."""
        options = [word for command in commands for word in ("-c", command)]
        return self.vtysh(*options)[1]

    def json(self, command):
        """A show command's JSON."""
        return json.loads(self.type(command))

    def configure(self, configuration):
        """vtysh -f; returns what it said, less its chatter."""
        file_name = self.path("typed.conf")
        with open(file_name, "w", encoding="utf-8") as file:
            file.write(configuration)
        status, output = self.vtysh("-f", file_name)
        said = [line for line in output.splitlines() if not CHATTER.search(line)]
        if status and not said:
            said = [f"vtysh ended with status {status}"]
        return list(dict.fromkeys(said))


def lines_in_context(configuration):
    """{(parent lines ..., line)} of a configuration indented as FRR does."""
    found, parents = set(), []
    for line in configuration.splitlines():
        if NOT_CONFIGURATION.match(line):
            continue
        indent = len(line) - len(line.lstrip())
        parents = [parent for parent in parents if parent[0] < indent]
        parents.append((indent, line.strip()))
        found.add(tuple(text for _, text in parents))
    return found


def not_yet_active(router):
    """The reason why a VIP of the router is not there or not announced; "" if there is none."""
    for group in router.json("show vrrp json"):
        for family in ("v4", "v6"):
            hold = group[family].get("hold", "no-addresses")
            if hold != "no-addresses":
                return f"vrrp {group['interface']} {group['vrid']} {family} is held: {hold}"
            for warning in group[family]["warnings"]:
                return f"it has a warning: {warning}"
    for vip in router.json("show vrrp vip json"):
        # a link-local address means nothing on other links, so it has no route
        announced = vip["announced"] or vip["address"].startswith("fe80:")
        if not (vip["installed"] and announced):
            return f"VIP {vip['address']} is {vip['state']}: {vip}"
    return ""


def without_hold(router):
    """Lines that make the groups not wait for their peers."""
    return "".join(
        f"interface {group['interface']}\n vrrp {group['vrid']} startup-hold 0\nexit\n"
        for group in router.json("show vrrp json")
    )


def wait_active(router):
    """Polls until every VIP is there; returns the reason why one is not, or ""."""
    deadline = time.monotonic() + PATIENCE_SEC
    while True:
        reason = not_yet_active(router)
        if not reason or time.monotonic() > deadline:
            return reason
        time.sleep(0.2)


def check_configuration(place, configuration):
    """One block marked frr."""
    with Router(configuration) as router:
        for line in router.configure(configuration):
            fail(place, f"vtysh says of the block that begins here: {line}")
        running = lines_in_context(router.type("show running-config"))
        for context in sorted(lines_in_context(configuration) - running):
            line, parents = context[-1], " / ".join(context[:-1])
            fail(place, f"not in the running configuration: '{line}' in '{parents}'")
        router.configure(without_hold(router))
        reason = wait_active(router)
        if reason:
            fail(place, f"after {PATIENCE_SEC} s {reason}")


def check_configurations(documents):
    """All blocks marked frr."""
    count = 0
    for document in documents:
        for number, lines in document.blocks("frr"):
            check_configuration(document.place(number), "\n".join(lines) + "\n")
            count += 1
    passed(f"{count} configurations were typed")


def check_keepalived(documents):
    """All blocks marked keepalived."""
    os.unshare(os.CLONE_NEWNET)
    for link in ("eth0", "eth1", "vip0"):
        must_run("ip", "link", "add", link, "type", "dummy")
    count = 0
    for document in documents:
        for number, lines in document.blocks("keepalived"):
            with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
                file.write("\n".join(lines) + "\n")
                file.flush()
                status, output = run("keepalived", "-t", "-f", file.name)
            if status:
                fail(document.place(number), f"keepalived refuses it: {output}")
            count += 1
    passed(f"{count} configurations of keepalived were read")


def words_of_keepalived():
    """
    The words of the VRRP and IPVS parts of its manual page, and the page. They begin a line, and
    are bold, or have a _ in them; A|B are two. Bold prose is not indented and has no block, save
    where words of the daemon as a whole have neither.
    """
    words, part = set(), None
    with gzip.open(KEEPALIVED_CONF, "rt", encoding="utf-8") as file:
        page = file.read()
    for line in page.splitlines():
        title = re.match(r"\.SH (.*)", line)
        part = title[1].strip('"') if title else part
        if part in NO_WORDS:
            continue
        bold = re.match(r"\s*\\fB([A-Za-z][\w|-]+)\s*(\\fR|\s|$)", line)
        plain = re.match(r"\s+([a-z]+(?:_[a-z]+)+)(\s*<|\s*\{|$)", line)
        is_prose = bold and line[0] not in " \t" and "{" not in line and part != GLOBAL_WORDS
        if (bold or plain) and not is_prose:
            words.update((bold or plain)[1].split("|"))
    return words, page


def check_keepalived_words(document):
    """Those in the first column of its tables are those of the manual page."""
    rows = [line.split("|")[1] for line in document.lines if line.startswith("| ")]
    told = {word for row in rows for word in re.findall(r"`([^`]+)`", row)}
    words, page = words_of_keepalived()
    for word in sorted(words - told):
        fail(document.name, f"it has no row for keepalived's {word}")
    for word in sorted(word for word in told if word not in page):
        fail(document.name, f"keepalived.conf(5) has no {word}")
    passed(f"{len(words)} words of keepalived have their row")


def check_keepalived_answers(known, document):
    """The second column has commands that there are, in their order of words, or a reason."""
    grammars = [WORD.findall(command) for command in known]

    def is_known(words):
        # each word is looked for behind the one before it
        return any(all(word in rest for word in words) for rest in map(iter, grammars))

    count = 0
    for number, line in enumerate(document.lines, 1):
        if not line.startswith("| `"):
            continue
        answer = line.split("|")[2].strip()
        if answer in ("not there", "not needed"):
            fail(document.place(number), "it does not say why")
        for span in re.findall(r"`((?:vrrp|ipvs) [^`]+)`", answer):
            if not is_known(WORD.findall(span)):
                fail(document.place(number), f"vtysh has no command like '{span}'")
            count += 1
    passed(f"{count} commands in the place of keepalived's words are known")


def refused(output):
    """The line by which vtysh or a daemon refuses a command, or ""."""
    for line in output.splitlines():
        if line.startswith("%"):
            return line
    return ""


def check_sessions(router, documents):
    """Lines after a prompt, typed one after the other."""
    count = 0
    for document in documents:
        for number, lines in document.blocks("console"):
            typed = [match[2] for match in map(PROMPT.match, lines) if match]
            reason = refused(router.type(*typed)) if typed else ""
            if reason:
                fail(document.place(number), f"'{'; '.join(typed)}' is refused: {reason}")
            count += len(typed)
    passed(f"{count} lines of sessions were typed")


def check_mentioned(router, documents):
    """Commands of the enable node that the text mentions."""
    places = {}
    for document in documents:
        for number, text in document.code_spans():
            if EXEC_COMMAND.match(text) and not PLACEHOLDER.search(text):
                places.setdefault(text, document.place(number))
    for command, place in places.items():
        reason = refused(router.type(command))
        if reason:
            fail(place, f"'{command}' is refused: {reason}")
    passed(f"{len(places)} commands of the text were typed")


def known_commands(router):
    """The grammars of our commands, as vtysh finds them."""
    known = set()
    for word in ("vrrp", "ipvs"):
        found = re.findall(r"^  \(\w+\)  (.*)$", router.type(f"find {word}"), re.MULTILINE)
        known |= {command for command in found if re.search(rf"\b{word}\b", command)}
    return known


def check_commands(known, document):
    """commands.md against what vtysh finds."""
    documented = {}
    for number, line in document.text_lines():
        match = re.fullmatch(r"(?:### )?`([^`]*)`", line)
        if match:
            documented[match[1]] = document.place(number)
    for command in documented.keys() - known:
        fail(documented[command], f"vtysh does not know '{command}'")
    for command in known - documented.keys():
        fail(document.name, f"it lacks the command '{command}'")
    passed(f"{len(known)} commands were looked up")


def keys_of(value):
    """All keys of a JSON value, deep."""
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set()


def check_json(router, document, sources):
    """show.md against the JSON there is, and the words of the source."""
    ours = ("", " summary", " brief", " neighbors", " history", " health", " version", " vip", " statistics")
    commands = [f"vrrp{word}" for word in ours] + ["ipvs"]
    printed = set().union(*(keys_of(router.json(f"show {c} json")) for c in commands))
    words = set(re.findall(r'\[VRRP_(?:HOLD|REASON)_\w+\] = "([\w-]+)"', sources))
    spans = {text for _, text in document.code_spans()}
    for key in sorted((printed | words) - spans):
        fail(document.name, f"it lacks '{key}', which the daemon prints")
    for number, line in document.text_lines():
        for key in re.findall(r"`([\w-]+)`", line.split("|")[1] if line[:1] == "|" else ""):
            if key not in printed and f'"{key}"' not in sources:
                fail(document.place(number), f"the daemon does not print '{key}'")
    passed(f"{len(printed | words)} words of the output were looked up")


def check_links(documents):
    """Links between our documents."""
    anchors = {document.name: document.anchors() for document in documents}
    count = 0
    for document in documents:
        for number, line in document.text_lines():
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if "://" in target:
                    continue
                name, _, anchor = target.partition("#")
                path = os.path.join(os.path.dirname(document.name), name)
                path = os.path.normpath(path) if name else document.name
                if not os.path.exists(os.path.join(ROOT, path)):
                    fail(document.place(number), f"there is no file {path} for the link {target}")
                elif anchor and anchor not in anchors.get(path, ()):
                    fail(document.place(number), f"{path} has no heading for the link {target}")
                count += 1
    passed(f"{count} links were followed")


def check_files(documents):
    """Files of ours that the text names."""
    names = {}
    for document in documents:
        for number, line in enumerate(document.lines, 1):
            for name in OUR_FILE.findall(line):
                names.setdefault(name.rstrip("."), document.place(number))
    for name, place in names.items():
        if "…" not in name and not glob.glob(os.path.join(ROOT, name)):
            fail(place, f"there is no {name}")
    passed(f"{len(names)} names of files were looked up")


def committed(*patterns):
    """Files of the checkout by pattern: what is being written is not looked at."""
    git = ("git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "--")
    status, output = run(*git, *patterns)
    if status:
        raise SystemExit(f"doc_test: git does not list the checkout's files: {output}")
    return output.split()


def check_installed():
    """doc/subdir.am installs every document, so that links lead somewhere there as well."""
    with open(os.path.join(ROOT, "doc/subdir.am"), encoding="utf-8") as file:
        installed = file.read().split()
    names = committed("*.md", "*.8")
    for name in names:
        if name not in installed:
            fail(name, "doc/subdir.am does not install it")
    passed(f"{len(names)} documents are installed")


def check_house(document):
    """house.md names every file of the daemon."""
    patterns = {text for _, text in document.code_spans()}
    names = committed("vrrpd/*.c", "zclient-glue/*.c")
    for name in names:
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
            fail(document.name, f"it does not say what {name} is")
    passed(f"{len(names)} files have their line in the house")


def main():
    """All of it."""
    names = ["README.md"] + sorted(
        os.path.relpath(path, ROOT)
        for path in glob.glob(os.path.join(ROOT, "doc", "**", "*.md"), recursive=True)
    )
    documents = {name: Document(name) for name in names}
    sources = ""
    for path in glob.glob(os.path.join(ROOT, "vrrpd", "*", "*.c")):
        with open(path, encoding="utf-8") as file:
            sources += file.read()

    length = len(documents["README.md"].lines)
    if length > README_MAX_LINES:
        fail("README.md", f"it has {length} lines, and {README_MAX_LINES} are enough")
    check_links(documents.values())
    check_files(documents.values())
    check_installed()
    check_house(documents["doc/developer/house.md"])
    with Router(SOME_GROUP) as router:
        for line in router.configure(SOME_GROUP):
            raise SystemExit(f"doc_test: our vrrpd and vtysh are not installed: {line}")
        reason = wait_active(router)
        if reason:
            fail("doc_test.py", f"SOME_GROUP: {reason}")
        known = known_commands(router)
        check_commands(known, documents["doc/user/commands.md"])
        check_keepalived_answers(known, documents["doc/user/keepalived.md"])
        check_json(router, documents["doc/user/show.md"], sources)
        check_mentioned(router, documents.values())
        check_sessions(router, documents.values())
    check_keepalived_words(documents["doc/user/keepalived.md"])
    check_keepalived(documents.values())
    check_configurations([*documents.values(), Document("doc/vrrpd.8")])
    if failures:
        raise SystemExit(f"{len(failures)} statements of the documentation are not true")
    print("the documentation says what is so")


main()
