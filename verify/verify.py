#!/usr/bin/env python3
"""Independent verifier of Tashi bundles. Standard library only; written from the formats, not from the Rust code.

    python3 verify.py FILE|FOLDER... [--checkpoint FILE]

Prints one line for each: `OK name: ...` or `FAULT name: item [what]`. Exit status 0 only when all hold.
Formats: RFC 9162 (Merkle tree), RFC 8032 (Ed25519), c2sp.org/signed-note, c2sp.org/tlog-checkpoint, and docs/proof.md.
"""
import base64
import hashlib
import json
import os
import re
import sys
import zlib

# ---------------------------------------------------------------- Ed25519 (RFC 8032 §5.1)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(a, b):
    """Sum of two points in extended coordinates (X, Y, Z, T)."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def _times(n, point):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = _add(total, point)
        point = _add(point, point)
        n >>= 1
    return total


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _point(data):
    """A point from 32 bytes in the one canonical form, else None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_fits(public, message, signature):
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or _same(_times(8, a), (0, 1, 1, 0)):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return _same(_times(s, BASE), _add(r, _times(k, a)))


# ---------------------------------------------------------------- hashes and proofs (RFC 9162 §2.1)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(leaf):
    return sha256(b"\0", leaf)


def node_hash(left, right):
    return sha256(b"\1", left, right)


def included(leaf, index, size, proof, root):
    if index >= size:
        return False
    node, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            value = node_hash(sibling, value)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and value == root


def consistent(start, start_root, end, end_root, proof):
    if start > end:
        return False
    if start == end:
        return not proof and start_root == end_root
    if start == 0:
        return not proof and start_root == sha256()
    if start & (start - 1) == 0:
        proof = [start_root] + proof
    if not proof:
        return False
    node, last = start - 1, end - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == start_root and new == end_root


def roots_of(leaves, sizes):
    """Roots over the first n leaves for each n of an ascending list."""
    peaks, roots, wanted = [], {}, set(sizes)

    def root():
        if not peaks:
            return sha256()
        value = peaks[-1][1]
        for _, left in reversed(peaks[:-1]):
            value = node_hash(left, value)
        return value

    if 0 in wanted:
        roots[0] = root()
    for count, value in enumerate(leaves, 1):
        height = 0
        while peaks and peaks[-1][0] == height:
            value = node_hash(peaks.pop()[1], value)
            height += 1
        peaks.append((height, value))
        if count in wanted:
            roots[count] = root()
    return roots


# ---------------------------------------------------------------- forms


class Fault(Exception):
    """The first thing that does not hold."""

    def __init__(self, item, what):
        super().__init__(f"{item} [{what}]")
        self.item, self.what = item, what


def plain_base64(text):
    """Bytes of base64 in its one canonical form, else None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def hash_of_base64(text):
    data = plain_base64(text) if isinstance(text, str) else None
    return data if data is not None and len(data) == 32 else None


def hashes(words):
    if not isinstance(words, list):
        return None
    found = [hash_of_base64(w) for w in words]
    return None if None in found else found


HEX64 = re.compile(r"[0-9a-f]{64}\Z")
NAME = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*\Z")
NUMBER = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


def is_name(name):
    return len(name) <= 200 and bool(NAME.match(name)) and all(part.strip(".") for part in name.split("/"))


class Key:
    def __init__(self, line):
        name, short, key = line.split("+", 2)
        data = plain_base64(key)
        if not data or len(data) != 33 or data[0] != 1 or not name or re.search(r"[\s+]", name):
            raise ValueError(line)
        self.line, self.name, self.public = line, name, data[1:]
        self.short = sha256(name.encode(), b"\n\x01", self.public)[:4]
        if self.short.hex() != short:
            raise ValueError(line)


def note_parts(note):
    """Text, signer and signature of a signed note with exactly one signature; else None."""
    cut = note.rfind("\n\n")
    if cut < 0 or any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in note):
        return None
    match = re.match("\u2014 ([^\\s+]+) ([^\n]*)\n\\Z", note[cut + 2 :])
    return (note[: cut + 1], match[1], match[2]) if match else None


def opened(note, key):
    """The text of a note signed by this key; else a word for what is wrong."""
    parts = note_parts(note)
    data = plain_base64(parts[2]) if parts else None
    if data is None or len(data) < 4:
        return None, "form"
    if parts[1] != key.name or data[:4] != key.short:
        return None, "other_key"
    if len(data) != 68:
        return None, "form"
    return (parts[0], None) if signature_fits(key.public, parts[0].encode(), data[4:]) else (None, "signature")


def checkpoint_parts(text):
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not NUMBER.match(lines[1]):
        return None
    root = hash_of_base64(lines[2])
    return (lines[0], int(lines[1]), root) if root else None


def open_checkpoint(note, key):
    """Size and root of a signed checkpoint, or a word for what is wrong."""
    text, wrong = opened(note, key)
    if wrong:
        return None, wrong
    parts = checkpoint_parts(text)
    if not parts:
        return None, "form"
    return (parts[1:], None) if parts[0] == key.name else (None, "other_key")


def parse_manifest(text):
    lines = text.split("\n")
    if len(lines) < 8 or lines[0] != "tashi-bundle/1" or lines[-1]:
        return None
    manifest = {"files": []}
    for line, name in zip(lines[1:7], ["origin", "kind", "subject", "made", "size", "entries"]):
        if not line.startswith(name + " "):
            return None
        manifest[name] = line[len(name) + 1 :]
    if not NUMBER.match(manifest["size"]):
        return None
    manifest["size"] = int(manifest["size"])
    entries = []
    for word in [] if manifest["entries"] == "-" else manifest["entries"].split(","):
        ends = word.split("-")
        if len(ends) > 2 or not all(NUMBER.match(e) for e in ends):
            return None
        first, last = int(ends[0]), int(ends[-1])
        # spans are joined where they touch, and `3-3` is written `3`
        if (entries and first <= entries[-1] + 1) or first > last or (len(ends) == 2 and first == last):
            return None
        if last - first >= 20_000_000:
            return None
        entries.extend(range(first, last + 1))
    manifest["entries"] = entries
    for line in lines[7:-1]:
        match = re.match(r"file ([0-9a-f]{64}) (0|[1-9][0-9]{0,18}) (\S+)\Z", line)
        if not match or not is_name(match[3]):
            return None
        manifest["files"].append((match[3], match[1], int(match[2])))
    return manifest


# ---------------------------------------------------------------- archive


def read_archive(data):
    """Name -> (content, checksum as written) of a ZIP in the one form bundles use."""
    files, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04":
        if at + 30 > len(data):
            raise Fault("archive", "short")
        crc, size = int.from_bytes(data[at + 14 : at + 18], "little"), int.from_bytes(data[at + 18 : at + 22], "little")
        start = at + 30 + int.from_bytes(data[at + 26 : at + 28], "little")
        if start > len(data):
            raise Fault("archive", "short")
        try:
            name = data[at + 30 : start].decode()
        except UnicodeDecodeError:
            raise Fault("archive", "form") from None
        if not is_name(name) or name in files or len(files) == 60_000:
            raise Fault("archive", "form")
        if start + size > len(data):
            raise Fault("archive", "short")
        files[name] = (data[start : start + size], crc)
        at = start + size
    body, directory = bytearray(), bytearray()
    for name, (content, crc) in files.items():
        number = lambda n, width: n.to_bytes(width, "little")  # noqa: E731
        common = bytes([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]) + number(crc, 4) + number(len(content), 4) * 2
        common += number(len(name.encode()), 2) + b"\0\0"
        directory += b"PK\x01\x02\x14\0" + common + bytes(10) + number(len(body), 4) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + content
    count = len(files).to_bytes(2, "little")
    end = b"PK\x05\x06\0\0\0\0" + count * 2 + len(directory).to_bytes(4, "little") + len(body).to_bytes(4, "little") + b"\0\0"
    whole = bytes(body + directory + end)
    if whole != data:
        raise Fault("archive", "short" if whole.startswith(data) else "form")
    return files


def read_folder(folder):
    files = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                content = file.read()
            files[os.path.relpath(path, folder).replace(os.sep, "/")] = (content, zlib.crc32(content))
    return files


# ---------------------------------------------------------------- bundle


def text_of(files, name):
    if name not in files:
        raise Fault(name, "missing")
    try:
        return files[name][0].decode()
    except UnicodeDecodeError:
        raise Fault(name, "form") from None


def strict_object(line, required, optional=()):
    """A JSON object with known members only, none twice; else None."""

    def once(pairs):
        if len({k for k, _ in pairs}) != len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    try:
        value = json.loads(line, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not set(required) <= set(value) <= set(required) | set(optional):
        return None
    return value


def lines_of(files, name):
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text_of(files, name))


def check(files, ordered):
    """Everything a bundle shows by itself."""
    try:
        line = text_of(files, "key.txt")
        if not line.endswith("\n"):
            raise ValueError
        key = Key(line[:-1])
    except ValueError:
        raise Fault("key.txt", "form") from None
    text = text_of(files, "manifest.txt")
    if not note_parts(text):
        raise Fault("manifest.txt", "form")
    text, wrong = opened(text, key)
    if wrong:
        raise Fault("manifest.txt", "signature")
    manifest = parse_manifest(text)
    if not manifest or manifest["origin"] != key.name:
        raise Fault("manifest.txt", "form")
    listed = {name: (digest, size) for name, digest, size in manifest["files"]}
    if len(listed) != len(manifest["files"]):
        raise Fault("manifest.txt", "form")

    def is_listed(name):
        if name not in files or name not in listed:
            raise Fault(name, "missing")
        content = files[name][0]
        if (sha256(content).hex(), len(content)) != listed[name]:
            raise Fault(name, "hash")

    is_listed("key.txt")
    checkpoint, wrong = open_checkpoint(text_of(files, "checkpoint.txt"), key)
    if wrong:
        raise Fault("checkpoint.txt", "signature")
    is_listed("checkpoint.txt")
    if checkpoint[0] != manifest["size"]:
        raise Fault("checkpoint.txt", "hash")
    earlier = check_earlier(files, key, checkpoint, manifest["kind"] == "log")
    is_listed("checkpoints.jsonl")
    leaves, opened_records, named = check_entries(files, manifest, checkpoint, earlier)
    is_listed("entries.jsonl")
    originals = 0
    for name, digest, _ in manifest["files"]:
        is_listed(name)
        if name.startswith("files/"):
            if (name[6:].split(".")[0], digest) not in named:
                raise Fault(name, "unrecorded")
            originals += 1
    for name in files:
        if name != "manifest.txt" and name not in listed:
            raise Fault(name, "extra")
    if ordered:
        for name, wanted in zip(files, ["manifest.txt"] + [f[0] for f in manifest["files"]]):
            if name != wanted:
                raise Fault(name, "order")
    for name, (content, crc) in files.items():
        if zlib.crc32(content) != crc:
            raise Fault(name, "hash")
    return {
        "key": key, "manifest": manifest, "checkpoint": checkpoint, "earlier": earlier, "leaves": leaves,
        "open": opened_records, "originals": originals,
    }


def check_earlier(files, key, last, whole):
    found = []
    for number, line in enumerate(lines_of(files, "checkpoints.jsonl"), 1):
        item = f"checkpoints.jsonl line {number}"
        value = strict_object(line, ["note", "proof"])
        if value is None or not isinstance(value["note"], str):
            raise Fault(item, "form")
        if not isinstance(value["proof"], list) or not all(isinstance(p, str) for p in value["proof"]):
            raise Fault(item, "form")
        earlier, wrong = open_checkpoint(value["note"], key)
        if wrong:
            raise Fault(item, "signature")
        proof = hashes(value["proof"])
        if proof is None:
            raise Fault(item, "form")
        if (found and found[-1][0] >= earlier[0]) or earlier[0] > last[0]:
            raise Fault(item, "order")
        if whole and proof:
            raise Fault(item, "form")
        if not whole and not consistent(*earlier, *last, proof):
            raise Fault(item, "not_in_log")
        found.append(earlier)
    return found


def check_entries(files, manifest, checkpoint, earlier):
    lines = lines_of(files, "entries.jsonl")
    whole = manifest["kind"] == "log"
    if whole and len(manifest["entries"]) != checkpoint[0]:
        raise Fault("manifest.txt", "form")
    leaves, records, named = [], 0, set()
    for place, index in enumerate(manifest["entries"]):
        item = f"entry {index}"
        if place >= len(lines):
            raise Fault(item, "missing")
        line = strict_object(lines[place], ["leaf"], ["salt", "record", "proof", "hash"])
        if line is None or not all(isinstance(line.get(k, ""), str) for k in ["leaf", "salt", "record", "hash"]):
            raise Fault(item, "form")
        leaf = strict_object(line["leaf"], ["v", "index", "at", "kind", "commitment"])
        if leaf is None or leaf["v"] != 1 or type(leaf["index"]) is not int:
            raise Fault(item, "form")
        if leaf["index"] != index:
            raise Fault(item, "order")
        value = leaf_hash(line["leaf"].encode())
        if whole and "hash" in line and "proof" not in line:
            proven = line["hash"] == base64.b64encode(value).decode()
        elif not whole and "proof" in line and "hash" not in line:
            proof = hashes(line["proof"])
            proven = proof is not None and included(value, index, *[checkpoint[0]], proof, checkpoint[1])
        else:
            raise Fault(item, "form")
        if not proven:
            raise Fault(item, "not_in_log")
        leaves.append(value)
        if ("salt" in line) != ("record" in line):
            raise Fault(item, "form")
        if "record" in line:
            if not HEX64.match(line["salt"]):
                raise Fault(item, "form")
            commitment = sha256(b"tashi-commitment-v1\0", bytes.fromhex(line["salt"]), line["record"].encode())
            if commitment.hex() != leaf["commitment"]:
                raise Fault(item, "commitment")
            try:
                named.update((f["id"], f["sha256"]) for f in json.loads(line["record"]).get("files", []))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise Fault(item, "form") from None
            records += 1
    if len(lines) > len(manifest["entries"]):
        raise Fault(f"entries.jsonl line {len(manifest['entries']) + 1}", "extra")
    if whole:
        steps = earlier + [checkpoint]
        roots, start = roots_of(leaves, [size for size, _ in steps]), 0
        for size, root in steps:
            if roots.get(size) != root:
                raise Fault(f"entries {start}-{max(size - 1, 0)}", "root")
            start = size
    return leaves, records, named


def compare(inside, outside):
    """Compares with a checkpoint or bundle kept outside; answers the size vouched for."""
    if outside[:2] == b"PK":
        try:
            kept = check(read_archive(outside), True)
        except Fault as fault:
            raise Fault("outside" if fault.item == "archive" else f"outside, {fault.item}", fault.what) from None
        if kept["key"].line != inside["key"].line:
            raise Fault("outside", "other_key")
        if kept["manifest"]["kind"] == "log":
            return compare_leaves(inside, kept)
        return compare_checkpoint(inside, kept["checkpoint"])
    try:
        note = outside.decode()
    except UnicodeDecodeError:
        raise Fault("outside", "form") from None
    parts = note_parts(note)
    if not parts or not checkpoint_parts(parts[0]):
        raise Fault("outside", "form")
    kept, wrong = open_checkpoint(note, inside["key"])
    if wrong:
        raise Fault("outside", wrong)
    return compare_checkpoint(inside, kept)


def compare_leaves(inside, kept):
    for index, leaf in zip(inside["manifest"]["entries"], inside["leaves"]):
        if index < len(kept["leaves"]) and kept["leaves"][index] != leaf:
            raise Fault(f"entry {index}", "rewritten")
    size, root = inside["checkpoint"]
    if kept["checkpoint"][0] <= size:
        return compare_checkpoint(inside, kept["checkpoint"])
    if roots_of(kept["leaves"], [size]).get(size) != root:
        raise Fault("checkpoint.txt", "rewritten")
    return kept["checkpoint"][0]


def compare_checkpoint(inside, kept):
    size, root = inside["checkpoint"]
    whole = inside["manifest"]["kind"] == "log"
    if kept[0] > size:
        raise Fault("outside", "younger")
    if kept[0] == size:
        here = root
    elif whole:
        here = roots_of(inside["leaves"], [kept[0]])[kept[0]]
    elif kept[0] == 0:
        here = sha256()
    else:
        here = dict(inside["earlier"]).get(kept[0])
    if here is None:
        raise Fault("outside", "no_proof")
    if here == kept[1]:
        return kept[0]
    before = [i for i in inside["manifest"]["entries"] if i < kept[0]]
    if not before:
        raise Fault("checkpoint.txt", "rewritten")
    raise Fault(f"entries 0-{kept[0] - 1}" if whole else f"entry {before[0]}", "rewritten")


def verify(path, outside=None):
    """What a good bundle at `path` shows; raises Fault."""
    if os.path.isdir(path):
        inside = check(read_folder(path), False)
    else:
        with open(path, "rb") as file:
            inside = check(read_archive(file.read()), True)
    inside["vouched"] = None if outside is None else compare(inside, outside)
    return inside


def main(arguments):
    paths, outside = [], None
    while arguments:
        word = arguments.pop(0)
        if word == "--checkpoint" and arguments:
            with open(arguments.pop(0), "rb") as file:
                outside = file.read()
        elif word in ("-h", "--help") or word.startswith("--"):
            print(__doc__)
            return 2
        else:
            paths.append(word)
    if not paths:
        print(__doc__)
        return 2
    bad = 0
    for path in paths:
        try:
            found = verify(path, outside)
        except Fault as fault:
            bad += 1
            print(f"FAULT {path}: {fault}")
            continue
        manifest = found["manifest"]
        print(
            f"OK {path}: {manifest['kind']} {manifest['subject']}, {len(manifest['entries'])} entries "
            f"({found['open']} open), {found['originals']} originals, log {manifest['origin']} of {manifest['size']}"
        )
        if found["vouched"] is None:
            print(
                "   Self-consistent with the key inside only: whoever made the bundle may have made the key too. "
                "Compare with a checkpoint you kept (--checkpoint)."
            )
        else:
            print(f"   The log continues the checkpoint from outside ({found['vouched']} entries).")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
