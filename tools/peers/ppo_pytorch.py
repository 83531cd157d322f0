#!/usr/bin/env python3
"""The work of `rlsp bench`, part learning, in PyTorch: eager, on the CPU or a GPU, in f32, tf32 or bf16.

The same model (Llama block: RMSNorm, rotary positions, SwiGLU, untied head), the same sizes, the same number of tokens through the same passes. What it does
is written out in README.md beside this file. Needs torch alone; nothing of rlsp's build or tests needs this.
"""
import argparse
import contextlib
import copy
import json
import statistics
import time

import torch
import torch.nn.functional as F


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    whole = {"layers": 3, "width": 128, "heads": 4, "ffn": 352, "vocab": 114, "prompt": 6, "response": 24, "samples": 256, "minibatch": 64,
             "epochs": 1, "sft-batch": 256, "sft-pass": 64, "threads": 2, "repetitions": 9, "seed": 1}
    for name, value in whole.items():
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--device", default="cpu", help="as torch names it: cpu, cuda, cuda:1")
    parser.add_argument("--dtype", default="f32", choices=["f32", "tf32", "bf16"],
                        help="tf32: f32 with TF32 products; bf16: f32 weights and moments, products in bf16 (autocast), rollout and scores wholly in bf16")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    return parser.parse_args()


# ---- the model ----

def rope_table(positions, head_dim, theta=10000.0):
    frequency = theta ** (-torch.arange(0, head_dim // 2, dtype=torch.float64) / (head_dim // 2))
    angle = torch.arange(positions, dtype=torch.float64)[:, None] * frequency[None, :]
    return torch.cat([angle.cos(), angle.cos()], 1).float(), torch.cat([-angle.sin(), angle.sin()], 1).float()


def rotate(x, cosine, sine):
    """x [B, T, H, D], tables [T, D]: halves (a, b) -> (a cos - b sin, b cos + a sin)."""
    cosine, sine = cosine.to(x.dtype), sine.to(x.dtype)
    half = x.shape[-1] // 2
    swapped = torch.cat([x[..., half:], x[..., :half]], -1)
    return x * cosine[:, None, :] + swapped * sine[:, None, :]


class Block(torch.nn.Module):
    def __init__(self, width, heads, ffn):
        super().__init__()
        self.heads = heads
        self.norm_attention = torch.nn.Parameter(torch.ones(width))
        self.qkv = torch.nn.Linear(width, 3 * width, bias=False)
        self.out = torch.nn.Linear(width, width, bias=False)
        self.norm_ffn = torch.nn.Parameter(torch.ones(width))
        self.gate_up = torch.nn.Linear(width, 2 * ffn, bias=False)
        self.down = torch.nn.Linear(ffn, width, bias=False)

    def forward(self, x, cosine, sine, cache=None, start=0):
        """x [B, T, C]. cache: (k, v), each [B, H, positions, D], filled from `start`."""
        batch, count, width = x.shape
        qkv = self.qkv(F.rms_norm(x, (width,), self.norm_attention, 1e-5)).view(batch, count, 3, self.heads, width // self.heads)
        qk = rotate(qkv[:, :, :2].flatten(2, 3), cosine[start:start + count], sine[start:start + count])
        q, k = qk[:, :, :self.heads].transpose(1, 2), qk[:, :, self.heads:].transpose(1, 2)
        v = qkv[:, :, 2].transpose(1, 2)
        if cache is not None:
            cache[0][:, :, start:start + count] = k
            cache[1][:, :, start:start + count] = v
            k, v = cache[0][:, :, :start + count], cache[1][:, :, :start + count]
        attention = F.scaled_dot_product_attention(q, k, v, is_causal=count > 1)
        x = x + self.out(attention.transpose(1, 2).reshape(batch, count, width))
        gate, up = self.gate_up(F.rms_norm(x, (width,), self.norm_ffn, 1e-5)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Model(torch.nn.Module):
    def __init__(self, o, outputs, head_bias):
        super().__init__()
        self.embed = torch.nn.Embedding(o.vocab, o.width)
        self.blocks = torch.nn.ModuleList(Block(o.width, o.heads, o.ffn) for _ in range(o.layers))
        self.norm = torch.nn.Parameter(torch.ones(o.width))
        self.head = torch.nn.Linear(o.width, outputs, bias=head_bias)
        self.positions = o.prompt + o.response
        self.cosine, self.sine = rope_table(self.positions, o.width // o.heads)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                torch.nn.init.normal_(parameter, std=0.02)

    def forward(self, tokens, keep=slice(None), caches=None, start=0):
        """Outputs of the positions in `keep`: the head runs on no others."""
        x = self.embed(tokens)
        for i, block in enumerate(self.blocks):
            x = block(x, self.cosine, self.sine, None if caches is None else caches[i], start)
        x = x[:, keep]
        return self.head(F.rms_norm(x, x.shape[-1:], self.norm, 1e-5))


def log_probs(logits, targets):
    return torch.log_softmax(logits, -1).gather(-1, targets[..., None])[..., 0]


# ---- the parts of an iteration ----

class Learner:
    def __init__(self, o):
        torch.manual_seed(o.seed)
        self.o = o
        self.bf16 = o.dtype == "bf16"
        self.policy, self.reference = Model(o, o.vocab, False), Model(o, o.vocab, False)
        self.critic = Model(o, 1, True)
        self.reference.load_state_dict(self.policy.state_dict())
        self.policy_optimizer = torch.optim.AdamW(self.policy.parameters(), lr=2e-4, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
        self.critic_optimizer = torch.optim.AdamW(self.critic.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
        self.sft_optimizer = torch.optim.AdamW(self.policy.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
        self.prompts = torch.randint(0, o.vocab, (o.samples, o.prompt))
        self.rewards = torch.rand(o.samples)
        self.demonstrations = torch.randint(0, o.vocab, (o.sft_batch, o.prompt + o.response))
        shape = (o.samples, o.heads, o.prompt + o.response, o.width // o.heads)
        kind = torch.bfloat16 if self.bf16 else torch.float32
        self.caches = [(torch.empty(shape, dtype=kind), torch.empty(shape, dtype=kind)) for _ in range(o.layers)]
        self.loss_rows = slice(o.prompt - 1, o.prompt - 1 + o.response)

    def autocast(self):
        return torch.autocast(torch.device(self.o.device).type, torch.bfloat16) if self.bf16 else contextlib.nullcontext()

    def for_inference(self, model):
        """The model itself, or a copy of it in bf16: its cost is part of what is measured."""
        return copy.deepcopy(model).to(torch.bfloat16) if self.bf16 else model

    def step(self, model, optimizer):
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    @torch.inference_mode()
    def rollout(self):
        """All responses at once: the prompts in one pass, then a token at a time over the cache. The last token drawn needs no pass."""
        o = self.o
        tokens = torch.empty(o.samples, o.prompt + o.response, dtype=torch.long)
        tokens[:, :o.prompt] = self.prompts
        drawn = torch.empty(o.samples, o.response)
        policy = self.for_inference(self.policy)
        logits = policy(self.prompts, slice(-1, None), self.caches, 0)[:, 0]
        for i in range(o.response):
            every = torch.log_softmax(logits.float(), -1)
            token = torch.multinomial(every.exp(), 1)
            drawn[:, i] = every.gather(-1, token)[:, 0]
            tokens[:, o.prompt + i] = token[:, 0]
            if i + 1 < o.response:
                logits = policy(token, slice(-1, None), self.caches, o.prompt + i)[:, 0]
        return tokens.clone(), drawn.clone()

    @torch.no_grad()
    def score(self, tokens):
        targets, inputs = tokens[:, self.o.prompt:], tokens[:, :-1]
        reference, value = [], []
        reference_model, critic = self.for_inference(self.reference), self.for_inference(self.critic)
        for begin in range(0, self.o.samples, self.o.minibatch):
            part = slice(begin, begin + self.o.minibatch)
            reference.append(log_probs(reference_model(inputs[part], self.loss_rows).float(), targets[part]))
            value.append(critic(inputs[part], self.loss_rows)[..., 0].float())
        return torch.cat(reference), torch.cat(value)

    @torch.no_grad()
    def advantages(self, old, reference, value):
        """Rewards with the KL taken from each token, GAE (gamma 1, lambda 0.95), whitening."""
        reward = -0.05 * (old - reference)
        reward[:, -1] += self.rewards
        advantage, carried = torch.empty_like(value), torch.zeros(self.o.samples)
        for t in reversed(range(self.o.response)):
            following = value[:, t + 1] if t + 1 < self.o.response else 0.0
            carried = reward[:, t] + following - value[:, t] + 0.95 * carried
            advantage[:, t] = carried
        returns = advantage + value
        return (advantage - advantage.mean()) * torch.rsqrt(advantage.var(unbiased=False) + 1e-8), returns

    def critic_step(self, inputs, value, returns):
        with self.autocast():
            now = self.critic(inputs, self.loss_rows)[..., 0].float()
        clipped = value + (now - value).clamp(-0.2, 0.2)
        loss = 0.5 * torch.maximum((now - returns) ** 2, (clipped - returns) ** 2).mean()
        loss.backward()
        self.step(self.critic, self.critic_optimizer)
        return loss.item()

    def policy_step(self, inputs, targets, old, advantage):
        with self.autocast():
            logits = self.policy(inputs, self.loss_rows)
        every = torch.log_softmax(logits.float(), -1)
        difference = every.gather(-1, targets[..., None])[..., 0] - old
        ratio = difference.exp()
        loss = -torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean()
        loss.backward()
        with torch.no_grad():  # what a trainer logs
            entropy = -(every.exp() * every).sum(-1).mean().item()
            approx_kl = (ratio - 1 - difference).mean().item()
            clipped = ((ratio < 0.8) | (ratio > 1.2)).float().mean().item()
        self.step(self.policy, self.policy_optimizer)
        return loss.item(), entropy, approx_kl, clipped

    def update(self, tokens, old, value, advantage, returns):
        for _ in range(self.o.epochs):
            for part in torch.randperm(self.o.samples).split(self.o.minibatch):
                inputs, targets = tokens[part, :-1], tokens[part, self.o.prompt:]
                self.critic_step(inputs, value[part], returns[part])
                self.policy_step(inputs, targets, old[part], advantage[part])

    def now(self):
        """When all that was asked for so far is done."""
        if torch.device(self.o.device).type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    def iteration(self):
        marks = [self.now()]
        tokens, old = self.rollout()
        marks.append(self.now())
        reference, value = self.score(tokens)
        marks.append(self.now())
        advantage, returns = self.advantages(old, reference, value)
        marks.append(self.now())
        self.update(tokens, old, value, advantage, returns)
        marks.append(self.now())
        return [b - a for a, b in zip(marks, marks[1:])] + [marks[-1] - marks[0]]

    def sft_step(self):
        begin = self.now()
        loss_tokens = self.o.sft_batch * self.o.response
        for part in self.demonstrations.split(self.o.sft_pass):
            with self.autocast():
                logits = self.policy(part[:, :-1], self.loss_rows)
            loss = F.cross_entropy(logits.float().flatten(0, 1), part[:, self.o.prompt:].flatten(), reduction="sum") / loss_tokens
            loss.backward()
        self.step(self.policy, self.sft_optimizer)
        loss.item()
        return self.now() - begin


PARTS = ["ppo.rollout_seconds", "ppo.score_seconds", "ppo.advantages_seconds", "ppo.update_seconds", "ppo.iteration_seconds"]


def measure(o):
    learner = Learner(o)
    values = {name: [] for name in PARTS + ["sft.step_seconds"]}
    for repetition in range(o.repetitions + 1):  # the first warms up
        seconds = learner.sft_step()
        if repetition > 0:
            values["sft.step_seconds"].append(seconds)
    learner.reference.load_state_dict(learner.policy.state_dict())
    for repetition in range(o.repetitions + 1):
        parts = learner.iteration()
        if repetition > 0:
            for name, seconds in zip(PARTS, parts):
                values[name].append(seconds)
    return values


def main():
    o = options()
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    torch.set_default_device(o.device)
    torch.backends.cuda.matmul.allow_tf32 = o.dtype == "tf32"
    values = measure(o)
    figures = {name: {"unit": "s", "median": statistics.median(v), "min": min(v), "max": max(v)} for name, v in values.items()}
    if o.json:
        print(json.dumps({"program": f"torch {torch.__version__} {o.dtype}", "device": o.device, "threads": o.threads, "repetitions": o.repetitions, "figures": figures}))
        return
    print(f"torch {torch.__version__}, {o.device}, {o.dtype}, {o.threads} threads, median of {o.repetitions} repetitions with min .. max")
    for name, figure in figures.items():
        print(f"  {name:28s} {figure['median']:9.4f} s  {figure['min']:9.4f} .. {figure['max']:.4f}")


if __name__ == "__main__":
    main()
