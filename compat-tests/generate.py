#!/usr/bin/env python3
"""Make random scenarios in the format of FORMAT.md.

    generate.py --seed 7 --count 40 --out DIR     forty scenarios of one seed
    generate.py --seed 7 --seeds 200 --out DIR    one scenario of each seed from 7 to 206

The same seed gives the same scenarios.  A scenario has one to four units (a channel over
a connected pair, a listener with clients, a client, a datagram channel, a pipe), each with
random handlers, and then a random script of peer actions, direct calls, faults, passes and
observations.  Everything stays within what is the same in every run: small amounts of data,
peers that are not used after their close, passes that each follow a settle.
"""

import argparse
import json
import pathlib
import random

WORDS = ("alpha", "beta;gamma", "x", "delta;;", "line one\r\nline two\r\n", "0123456789abcdef",
         "\r", "\n", ";", "E", "ND", "END", "tail")
TERMINATORS = ("\r\n", ";", "END", "\n", 1, 4, 10, 0, None, "")


class Unit:
    """A channel (or a listener with its children) and the peers around it."""

    def __init__(self, kind, family, channels, peers):
        self.kind, self.family = kind, family
        self.closed = False             # by the script
        self.channels = channels        # names that the script may use from the start
        self.peers = peers              # name -> "open", "half" or "gone"


class Generator:
    def __init__(self, seed, number):
        self.random = random.Random("%s/%s" % (seed, number))
        self.name = "gen-%s-%03d" % (seed, number)
        self.channels = {}
        self.steps = []
        self.units = []
        self.the_map = self.random.choice(("global", "global", "global", "m"))

    # -- small helpers --

    def chance(self, probability):
        return self.random.random() < probability

    def step(self, op, **fields):
        step = {who: fields.pop(who) for who in ("peer", "ch") if who in fields and op != "link"}
        self.steps.append({**step, "do": op, **fields})

    def data(self):
        if self.chance(0.1):
            return {"seq": self.random.randrange(100, 600)}
        return "".join(self.random.choice(WORDS) for _ in range(self.random.randint(1, 3)))

    def in_map(self, fields):
        """Fields of a loop step, with the map that this scenario uses."""
        return fields if self.the_map == "global" else {**fields, "map": self.the_map}

    def live_peers(self, unit):
        return [name for name, state in unit.peers.items() if state == "open"]

    # -- handlers --

    def read_actions(self, others):
        size = self.random.choice((1, 3, 8, 64, 5000))
        actions = [{"do": "recv", "n": size}]
        if self.chance(0.25):
            actions = [{"do": "recv_until_block", "n": max(size, 8)}]
        extra = self.random.random()
        if extra < 0.15:
            actions.append({"do": "send", "data": self.random.choice(WORDS)})
        elif extra < 0.20:
            actions.append({"do": "close"})
        elif extra < 0.25 and others:
            actions.append({"do": "close", "ch": self.random.choice(others)})
        elif extra < 0.29:
            actions.append({"do": "raise", "exc": self.fault()})
        elif extra < 0.32:
            actions.append(dict(self.in_map({"do": "loop", "count": 1})))
        elif extra < 0.36:
            actions.append({"do": "set", "writable": self.chance(0.5)})
        elif extra < 0.40:
            actions = []
        return actions

    def fault(self):
        return self.random.choice(("value-error:v", "runtime-error:r", "type-error", "exit-now",
                                   "os-error:EIO", "os-error:ECONNRESET", "os-error:EPIPE",
                                   "keyboard-interrupt", "not-implemented:n"))

    def handlers(self, others):
        on = {}
        if self.chance(0.3):
            on["handle_read"] = {"calls": [self.read_actions(others) for _ in range(2)],
                                 "then": [{"do": "recv", "n": 64}]}
        else:
            on["handle_read"] = self.read_actions(others)
        if self.chance(0.4):
            on["handle_write"] = {"calls": [[{"do": "send", "data": self.random.choice(WORDS)}]],
                                  "then": [{"do": "set", "writable": False}]}
        on.update(self.endings())
        return on

    def endings(self):
        on = {}
        ending = self.random.random()
        if ending < 0.2:
            on["handle_close"] = [{"do": "close"}]
        elif ending < 0.3:
            on["handle_close"] = [{"do": "send", "data": "closing"}, {"do": "super"}] \
                if self.chance(0.3) else [{"do": "note", "text": "closing"}, {"do": "super"}]
        elif ending < 0.35:
            on["handle_close"] = []
        trouble = self.random.random()
        if trouble < 0.25:
            on["handle_error"] = []
        elif trouble < 0.35:
            on["handle_error"] = [{"do": "close"}]
        if self.chance(0.3):
            on["handle_connect"] = [{"do": "send", "data": "hello"}]
        if "handle_close" in on and on["handle_close"][:1] == [{"do": "send", "data": "closing"}]:
            # A send on a broken connection calls handle_close, which would send again.
            on["handle_close"] = {"calls": [on["handle_close"]], "then": [{"do": "super"}]}
        return on

    def predicates(self, declaration):
        pick = self.random.random()
        if pick < 0.1:
            declaration["readable"] = [self.chance(0.5) for _ in range(4)] + [True]
        elif pick < 0.15:
            declaration["readable"] = False
        pick = self.random.random()
        if pick < 0.6:
            declaration["writable"] = False
        elif pick < 0.8:
            declaration["writable"] = [self.chance(0.5) for _ in range(3)] + [False]
        if self.chance(0.1):
            declaration["trace_predicates"] = True

    def declare(self, name, kind):
        """A random channel declaration of a kind."""
        others = [other for unit in self.units if unit.kind != "server" for other in unit.channels]
        declaration = {"kind": kind}
        if self.the_map != "global":
            declaration["map"] = self.the_map
        if self.chance(0.15):
            declaration["attrs"] = {"ignore_log_types": []}
        if kind == "async_chat":
            attrs = declaration.setdefault("attrs", {})
            if self.chance(0.4):
                attrs["ac_in_buffer_size"] = self.random.choice((1, 2, 5, 16))
            if self.chance(0.4):
                attrs["ac_out_buffer_size"] = self.random.choice((2, 3, 7))
            if not attrs:
                del declaration["attrs"]
            declaration["terminator"] = self.random.choice(TERMINATORS)
            on = {"collect_incoming_data": [], "found_terminator": self.on_message()}
            on.update(self.endings())
            on.pop("handle_close", None)
            declaration["on"] = on
        else:
            declaration["on"] = self.handlers(others)
            if kind == "dispatcher":
                self.predicates(declaration)
            elif kind == "file_dispatcher":
                declaration["writable"] = False
        self.channels[name] = declaration
        return declaration

    def on_message(self):
        turns = []
        for _ in range(self.random.randint(0, 3)):
            pick = self.random.random()
            if pick < 0.25:
                turns.append([{"do": "set_terminator", "value": self.random.choice(TERMINATORS)}])
            elif pick < 0.5:
                turns.append([{"do": "push", "data": self.random.choice(WORDS)}])
            elif pick < 0.6:
                turns.append([{"do": "push", "data": "bye"}, {"do": "close_when_done"}])
            elif pick < 0.68:
                turns.append([{"do": "raise", "exc": self.fault()}])
            elif pick < 0.74:
                turns.append([{"do": "close"}])
            elif pick < 0.8:
                turns.append([{"do": "discard_buffers"}])
            else:
                turns.append([])
        # A terminator that counts must be set anew, or everything after it is one message.
        return {"calls": turns, "then": [{"do": "set_terminator", "value": ";"}]}

    # -- units --

    def add_unit(self, number):
        kind = self.random.choices(("dispatcher", "with_send", "chat", "server", "client",
                                    "udp", "pipe"), (30, 14, 22, 14, 10, 5, 5))[0]
        family = self.random.choices(("inet", "unix", "inet6"), (6, 3, 1))[0]
        ch, peer = "c%d" % number, "p%d" % number
        shown = {} if family == "inet" else {"family": family}
        if kind in ("dispatcher", "with_send", "chat"):
            self.declare(ch, {"with_send": "dispatcher_with_send", "chat": "async_chat"}.get(kind, kind))
            self.step("link", channel=ch, peer=peer, **shown)
            unit = Unit(kind, family, [ch], {peer: "open"})
        elif kind == "server":
            child = "h%d" % number
            self.declare(child, self.random.choice(("dispatcher", "async_chat", "dispatcher_with_send")))
            accepted = [{"do": "adopt", "ch": child}]
            if self.chance(0.1):
                accepted = {"calls": [[{"do": "raise", "exc": "runtime-error:full"}]], "then": accepted}
            on = {"handle_accepted": accepted}
            if isinstance(accepted, dict):
                on["handle_error"] = []         # or the listener would close
            self.channels[ch] = {"kind": "dispatcher", "on": on}
            if self.the_map != "global":
                self.channels[ch]["map"] = self.the_map
            self.step("serve", channel=ch, **shown)
            unit = Unit(kind, family, [ch], {})
        elif kind == "client":
            self.declare(ch, self.random.choice(("dispatcher", "async_chat")))
            if self.chance(0.2) and family != "unix":
                self.step("reserve", name="nowhere%d" % number, **shown)
                self.step("dial", channel=ch, to="nowhere%d" % number)
                unit = Unit(kind, family, [ch], {})
            else:
                self.step("listen", peer="L%d" % number, **shown)
                self.step("dial", channel=ch, to="L%d" % number)
                self.step("accept", peer=peer, at="L%d" % number)
                unit = Unit(kind, family, [ch], {peer: "open"})
        elif kind == "udp":
            declaration = self.declare(ch, "dispatcher")
            declaration["on"] = {"handle_read": [{"do": "recv", "n": self.random.choice((4, 100))}]}
            declaration["writable"] = False
            self.step("new", ch=ch)
            self.step("create_socket", ch=ch, type="dgram")
            self.step("bind", ch=ch)
            self.step("udp", peer=peer)
            unit = Unit(kind, "inet", [ch], {peer: "open"})
        else:
            self.declare(ch, "file_dispatcher")
            self.step("pipe", peer=peer, fd="f%d" % number)
            self.step("new", ch=ch, fd="f%d" % number)
            unit = Unit(kind, "pipe", [ch], {peer: "open"})
        self.units.append(unit)

    # -- the script --

    def peer_step(self, unit):
        peers = self.live_peers(unit)
        if unit.kind == "server" and (not peers or self.chance(0.25)):
            name = "%s%s" % (unit.channels[0].replace("c", "q"), "abcdef"[len(unit.peers) % 6])
            if name not in unit.peers and len(unit.peers) < 3 and not unit.closed:
                self.step("connect", peer=name, to=unit.channels[0])
                unit.peers[name] = "open"
            return
        if not peers:
            return
        peer = self.random.choice(peers)
        pick = self.random.random()
        if unit.kind == "udp":
            self.step("sendto", peer=peer, data=self.random.choice(WORDS + ("",)), to=unit.channels[0])
        elif pick < 0.75:
            self.step("send", peer=peer, data=self.data())
        elif pick < 0.82 and unit.family != "pipe":
            self.step("shutdown", peer=peer)
            unit.peers[peer] = "half"
        elif pick < 0.92:
            self.step("close", peer=peer)
            unit.peers[peer] = "gone"
        elif unit.family in ("inet", "inet6"):
            self.step("reset", peer=peer)
            unit.peers[peer] = "gone"

    def channel_step(self, unit):
        ch = unit.channels[0]
        kind = self.channels[ch]["kind"]
        pick = self.random.random()
        if pick < 0.1:
            self.step("close", ch=ch)
            unit.closed = True
        elif unit.kind in ("server", "udp", "pipe"):
            self.step("see", ch=ch, what=["flags", "repr", "socket"])
        elif kind == "async_chat" and pick < 0.75:
            what = self.random.randrange(6)
            if what == 0:
                self.step("push_simple_producer", ch=ch, data=self.data(), size=self.random.choice((3, 9)))
            elif what == 1:
                self.step("push_producer", ch=ch,
                          chunks=[self.random.choice(WORDS) for _ in range(self.random.randint(0, 3))])
            elif what == 2:
                self.step("close_when_done", ch=ch)
            elif what == 3:
                self.step("set_terminator", ch=ch, value=self.random.choice(TERMINATORS))
            else:
                self.step("push", ch=ch, data="".join(self.random.choice(WORDS) for _ in range(2)))
        elif pick < 0.3 and unit.kind != "client":
            self.step("send", ch=ch, data=self.random.choice(WORDS))
        elif pick < 0.4:
            self.step("recv", ch=ch, n=self.random.choice((2, 20)))
        elif pick < 0.6 and kind == "dispatcher":
            self.step("set", ch=ch, **{self.random.choice(("readable", "writable")): self.chance(0.6)})
        elif kind == "async_chat":
            self.step("see", ch=ch, what=["flags", "in_buffer", "fifo", "terminator"])
        else:
            self.step("see", ch=ch, what=["flags", "addr", "readable", "writable"])

    def build(self):
        for number in range(1, self.random.choice((1, 2, 2, 3, 3, 4)) + 1):
            self.add_unit(number)
        for _ in range(self.random.randint(5, 12)):
            for _ in range(self.random.randint(1, 3)):
                unit = self.random.choice(self.units)
                if self.chance(0.7):
                    self.peer_step(unit)
                else:
                    self.channel_step(unit)
            if self.chance(0.12):
                self.step("loop", **self.in_map({"count": self.random.randint(1, 2)}))
            else:
                self.step("passes", **self.in_map({"n": self.random.choice((1, 1, 1, 2, 3))}))
        self.step("see_map", **self.in_map({}))
        for unit in self.units:
            self.step("see", ch=unit.channels[0], what=["flags", "socket"])
        if self.chance(0.5):
            self.step("close_all", **self.in_map({"ignore_all": True}))
            self.step("see_map", **self.in_map({}))
        for unit in self.units:
            for peer, state in unit.peers.items():
                if state != "gone" and unit.kind not in ("udp", "pipe"):
                    self.step("recv_now", peer=peer)
        kinds = ", ".join(unit.kind + "/" + unit.family for unit in self.units)
        scenario = {"name": self.name, "shows": "Generated: " + kinds + "."}
        needs = self.needs()
        if needs:
            scenario["needs"] = needs
        return {**scenario, "channels": self.channels, "steps": self.steps}

    def needs(self):
        families = {unit.family for unit in self.units}
        kinds = {unit.kind for unit in self.units}
        found = ["hup"]
        found += [tag for tag, present in (("unix", "unix" in families), ("inet6", "inet6" in families),
                                           ("udp", "udp" in kinds), ("pipe", "pipe" in kinds)) if present]
        return found


def dump(scenario):
    """One line for each channel and each step."""
    lines = ["{"]
    lines += ["  %s: %s," % (json.dumps(key), json.dumps(value)) for key, value in scenario.items()
              if key not in ("channels", "steps")]
    channels = ["    %s: %s" % (json.dumps(key), json.dumps(value))
                for key, value in scenario["channels"].items()]
    steps = ["    " + json.dumps(step) for step in scenario["steps"]]
    lines += ['  "channels": {', ",\n".join(channels), "  },", '  "steps": [', ",\n".join(steps), "  ]", "}"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seeds", type=int, metavar="N",
                        help="the first scenario of each of N seeds, from --seed on")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.seeds:
        first = int(options.seed)
        wanted = [(str(seed), 0) for seed in range(first, first + options.seeds)]
    else:
        wanted = [(options.seed, number) for number in range(options.count)]
    for seed, number in wanted:
        generator = Generator(seed, number)
        text = dump(generator.build())
        (options.out / (generator.name + ".json")).write_text(text)


if __name__ == "__main__":
    main()
