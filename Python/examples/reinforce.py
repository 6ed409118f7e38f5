#!/usr/bin/env python3
"""A language model that learns to write a function in machine code, from nothing but the verifier's reward.

    reinforce.py [--steps N] [--batch N] [--seed N] [--output FOLDER]

Trains a byte-pair vocabulary on random code, makes a small transformer with random weights, lets it
write code under the mask of the constrained decoder, judges every candidate, and improves the model
by REINFORCE. Then the same without the mask. Writes FOLDER/reinforce.png and FOLDER/reinforce.csv, and
prints the same numbers. Needs binverify, torch (on the CPU), tokenizers and matplotlib; downloads nothing.
"""

import argparse
import collections
import csv
import dataclasses
import pathlib
import random
import sys
import time

import numpy
import tokenizers
import torch
from torch import nn

import binverify
from binverify import decode

SPECIFICATION = """
(set-logic QF_BV)
(set-info :kernel "int32_t negate(int32_t x)")
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result (bvneg x)))
"""
#: What the model may use; the verifier would take anything.
CONSTRAINT = {
    "isa": "x86-64",
    "allowedMnemonics": ["mov", "neg", "not", "ret", "sub", "xor"],
    "allowedRegisters": ["eax", "edi"],
    "allowsLoads": False,
    "allowsStores": False,
    "maximumInstructions": 3,
    "maximumBytes": 10,
}
END = "<end>"
LONGEST = 22


def random_programs(count, seed):
    """Code as text, each digit drawn evenly from those that may follow."""
    chance = random.Random(seed)
    decoder = decode.Decoder(CONSTRAINT, decode.Vocabulary.hex_digits())
    mask = decode.allocate_token_bitmask(1, 17)
    for _ in range(count):
        matcher = decoder.matcher()
        while not matcher.is_terminated():
            matcher.fill_next_token_bitmask(mask)
            matcher.accept_token(chance.choice([t for t in range(17) if mask[0, 0] >> t & 1]))
        yield matcher.program.code.hex()


def train_tokenizer(seed, size=96):
    """A byte-level BPE of hexadecimal code."""
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.train_from_iterator(
        random_programs(300, seed),
        tokenizers.trainers.BpeTrainer(
            vocab_size=size, special_tokens=[END], show_progress=False,
            initial_alphabet=list("0123456789abcdef"),
        ),
    )
    return made


class Model(nn.Module):
    """A transformer that sees what was written so far."""

    def __init__(self, tokens, width=64, heads=4, layers=2):
        super().__init__()
        self.embedding = nn.Embedding(tokens + 1, width)
        self.position = nn.Embedding(LONGEST + 1, width)
        layer = nn.TransformerEncoderLayer(
            width, heads, 2 * width, dropout=0.0, batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.output = nn.Linear(width, tokens)
        self.start = tokens

    def forward(self, tokens):
        """The logits after a start and each of the tokens."""
        first = torch.full((len(tokens), 1), self.start)
        inputs = torch.cat([first, tokens], dim=1)
        places = torch.arange(inputs.shape[1])
        causal = nn.Transformer.generate_square_subsequent_mask(inputs.shape[1])
        hidden = self.embedding(inputs) + self.position(places)
        return self.output(self.layers(hidden, mask=causal, is_causal=True))


@dataclasses.dataclass
class Samples:
    """Texts that a model wrote."""

    tokens: torch.Tensor
    #: What each token was chosen from: true where allowed.
    allowed: torch.Tensor
    #: How many tokens each text has, its end included.
    lengths: torch.Tensor
    codes: list


class Writer:
    """Lets a model write, with or without the mask."""

    def __init__(self, tokenizer, is_masked):
        self.tokenizer = tokenizer
        self.end = tokenizer.token_to_id(END)
        self.vocabulary = decode.Vocabulary.from_tokenizer(tokenizer, [END])
        self.decoder = decode.Decoder(CONSTRAINT, self.vocabulary)
        self.is_masked = is_masked

    def sample(self, model, count):
        """So many texts, token by token."""
        size = self.vocabulary.width
        matchers = [self.decoder.matcher() for _ in range(count)]
        tokens = torch.zeros((count, 0), dtype=torch.long)
        steps = []
        is_open = torch.ones(count, dtype=torch.bool)
        while is_open.any() and tokens.shape[1] < LONGEST:
            with torch.no_grad():
                logits = model(tokens)[:, -1]
            allowed = torch.ones((count, size), dtype=torch.bool)
            if self.is_masked:
                mask = decode.allocate_token_bitmask(count, size)
                decode.batch_fill_next_token_bitmask(matchers, mask, threads=1)
                bits = numpy.unpackbits(mask.view(numpy.uint8), axis=1, bitorder="little")
                allowed = torch.from_numpy(bits[:, :size].astype(bool))
            allowed[~is_open] = False
            allowed[~is_open, self.end] = True
            chosen = torch.distributions.Categorical(
                logits=logits.masked_fill(~allowed, float("-inf"))
            ).sample()
            if self.is_masked:
                for index in is_open.nonzero().flatten().tolist():
                    assert matchers[index].accept_token(int(chosen[index]))
            steps.append(allowed)
            tokens = torch.cat([tokens, chosen[:, None]], dim=1)
            is_open &= chosen != self.end
        lengths = (tokens != self.end).sum(dim=1) + (tokens == self.end).any(dim=1).long()
        # All are as long: after the end only the end may follow.
        room = LONGEST - tokens.shape[1]
        ended = torch.zeros((count, room, size), dtype=torch.bool)
        ended[:, :, self.end] = True
        allowed = torch.cat([torch.stack(steps, dim=1), ended], dim=1)
        tokens = nn.functional.pad(tokens, (0, room), value=self.end)
        return Samples(tokens, allowed, lengths, [
            self.code(row[: int(length)]) for row, length in zip(tokens.tolist(), lengths)
        ])

    def code(self, tokens):
        """The bytes of a text; none of what is no hexadecimal text or has no end."""
        if not tokens or tokens[-1] != self.end:
            return b""
        text = "".join(self.tokenizer.id_to_token(token) for token in tokens[:-1])
        try:
            return bytes.fromhex(text)
        except ValueError:
            return b""


class Best:
    """The best texts so far, each code once, which the model goes on to imitate."""

    def __init__(self, limit=24):
        self.limit = limit
        self.known = {}

    def add(self, samples, rewards):
        """Takes what is better than what is there."""
        for index, code in enumerate(samples.codes):
            self.known[code] = (
                float(rewards[index]), samples.tokens[index], samples.allowed[index],
                samples.lengths[index],
            )
        kept = sorted(self.known.items(), key=lambda item: -item[1][0])[: self.limit]
        self.known = dict(kept)

    def samples(self):
        """Those as samples, with their rewards."""
        rewards, tokens, allowed, lengths = zip(*self.known.values())
        return Samples(
            torch.stack(tokens), torch.stack(allowed), torch.stack(lengths), list(self.known)
        ), torch.tensor(rewards)


def learn(writer, verifier, arguments):
    """Improves a new model; a row of numbers for each step."""
    torch.manual_seed(arguments.seed)
    model = Model(writer.vocabulary.width)
    optimizer = torch.optim.Adam(model.parameters(), lr=1.5e-3)
    rows = []
    best = Best()
    for step in range(arguments.steps):
        samples = writer.sample(model, arguments.batch)
        results = verifier.verify_many(samples.codes, workers=1)
        rewards = torch.tensor(binverify.rewards(results), dtype=torch.float32)
        accepted = sum(
            result.verdict != "unsupported" for result in results
        ) / len(results)
        proved = [code.hex() for code, result in zip(samples.codes, results) if result.proved]
        rows.append({
            "step": step, "accepted": accepted, "proved": len(proved) / len(results),
            "distinct": len(set(proved)), "reward": float(rewards.mean()),
        })
        # What is written again and again without being right is worth less, so that others are tried.
        count = collections.Counter(samples.codes)
        repeated = torch.tensor([
            0 if result.proved else 0.3 * (count[code] - 1) / len(results)
            for code, result in zip(samples.codes, results)
        ])
        rewards = rewards - repeated
        best.add(samples, rewards)
        improve(model, optimizer, samples, rewards, best, exploring=1 - step / arguments.steps)
        if step % 10 == 9:
            print(f"  step {step + 1}: {rows[-1]}", file=sys.stderr, flush=True)
    return rows


def likelihoods(model, samples):
    """The logarithm of each token's probability, and the entropy of its choice; zero after the end."""
    logits = model(samples.tokens[:, :-1]).masked_fill(~samples.allowed, float("-inf"))
    logs = torch.log_softmax(logits, dim=-1)
    chosen = logs.gather(2, samples.tokens[:, :, None])[:, :, 0]
    entropy = -(logs.exp() * logs.masked_fill(~samples.allowed, 0)).sum(dim=2)
    is_written = torch.arange(LONGEST)[None] < samples.lengths[:, None]
    return chosen * is_written, entropy * is_written


def improve(model, optimizer, samples, rewards, best, exploring):
    """One step of REINFORCE: what earned more than the others becomes likelier, and so do the best
    so far, by what they earned more than the samples."""
    advantages = (rewards - rewards.mean()) / (rewards.std() + 0.05)
    chosen, entropy = likelihoods(model, samples)
    gain = (chosen * advantages[:, None] + 0.03 * exploring * entropy).sum(dim=1).mean()
    known, earned = best.samples()
    better = (earned - rewards.mean()).clamp(min=0) / (rewards.std() + 0.05)
    gain = gain + (likelihoods(model, known)[0].sum(dim=1) * better).mean()
    optimizer.zero_grad()
    (-gain).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def plot(curves, path):
    """Acceptance, share of proved candidates and reward, with and without the mask."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(13, 4), sharex=True)
    titles = {
        "accepted": "accepted by the verifier's front end", "proved": "proved",
        "reward": "mean reward",
    }
    for axis, (key, title) in zip(axes, titles.items()):
        for name, rows in curves.items():
            values = numpy.array([row[key] for row in rows])
            width = min(10, len(values))
            mean = numpy.convolve(values, numpy.ones(width) / width, mode="valid")
            line, = axis.plot(range(width - 1, len(values)), mean, label=name)
            axis.plot(values, color=line.get_color(), alpha=0.2)
        axis.set_title(title)
        axis.set_xlabel("step")
        axis.set_ylim(-0.03, 1.03)
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("."))
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    tokenizer = train_tokenizer(arguments.seed)
    curves = {}
    with binverify.Verifier(SPECIFICATION, seconds=20) as verifier:
        for name, is_masked in (("with the mask", True), ("without", False)):
            start = time.process_time()
            rows = learn(Writer(tokenizer, is_masked), verifier, arguments)
            curves[name] = rows
            last = rows[-max(1, len(rows) // 10):]
            first = rows[: len(last)]
            print(f"{name}: {len(rows)} steps of {arguments.batch} candidates, "
                  f"{time.process_time() - start:.0f} s of this process")
            for key in ("accepted", "proved", "reward"):
                def mean(part):
                    return sum(row[key] for row in part) / len(part)
                print(f"  {key:9} {mean(first):6.1%} at first, {mean(last):6.1%} at last, "
                      f"{min(row[key] for row in rows):6.1%} at least")
    with open(arguments.output / "reinforce.csv", "w", newline="") as file:
        writer = csv.writer(file)
        keys = ["step", "accepted", "proved", "distinct", "reward"]
        writer.writerow(["mask"] + keys)
        for name, rows in curves.items():
            writer.writerows([name] + [row[key] for key in keys] for row in rows)
    plot(curves, arguments.output / "reinforce.png")
    check(curves)


def check(curves):
    """Ends with an error where the loop was not closed: something was refused under the mask, or, in runs that are
    long enough to tell, the share of proved candidates did not rise or was no greater than without it."""
    masked, free = curves["with the mask"], curves["without"]
    if min(row["accepted"] for row in masked) < 1:
        raise SystemExit("a candidate that was written under the mask was not accepted")
    if len(masked) < 30:
        return

    def share(rows):
        return sum(row["proved"] for row in rows) / len(rows)

    tenth = len(masked) // 10
    first, last = share(masked[:tenth]), share(masked[-tenth:])
    if last < first + 0.1:
        raise SystemExit(f"the share of proved candidates went from {first:.1%} to {last:.1%}")
    if last <= share(free[-tenth:]):
        raise SystemExit(f"{last:.1%} are proved with the mask, no more than without")


if __name__ == "__main__":
    main()
