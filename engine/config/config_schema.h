/* Every setting, once: this list gives the struct, the parser, the checks, `rlsp config` and the resolved config of a run.
 *
 * SECTION(ident, "name", doc)
 * INTEGER(section, key, default, min, max, unit, doc)    sizes take K, M, G (powers of 1024)
 * REAL(section, key, default, min, max, unit, doc)
 * CHOICE(section, key, default index, "a|b|c", doc)      field: u32 index; enumerators in config.h
 * TEXT(section, key, default, doc)                        field: char[CONFIG_TEXT_BYTES]
 * The field of a row is config.SECTION_KEY (dots become underscores). */
#ifndef RLSP_ENGINE_CONFIG_CONFIG_SCHEMA_H
#define RLSP_ENGINE_CONFIG_CONFIG_SCHEMA_H

#define CONFIG_SCHEMA(SECTION, INTEGER, REAL, CHOICE, TEXT) \
  SECTION(run, "run", "where and how the run goes") \
  TEXT(run, dir, "", "run directory: created; holds metrics, samples, checkpoints, summary.json, report.html") \
  INTEGER(run, seed, 1, 0, 9007199254740991, "", "one seed for initialisation, data, sampling and shuffling") \
  TEXT(run, device, "auto", "auto, cpu, vulkan, vulkan:N, or a part of a device's name") \
  INTEGER(run, threads, 0, 0, 256, "threads", "CPU device workers; 0 = all cores. Never changes a bit of the result") \
  CHOICE(run, simd, 0, "auto|baseline|avx2|avx512", "CPU device instruction set; auto = the best this CPU has. Never changes a bit") \
  TEXT(run, pipeline_cache, "auto", "folder that compiled Vulkan pipelines are kept in; auto: ~/.cache/rlsp; none: compiled at each start") \
  CHOICE(run, numerics, 0, "exact", "exact: the same bits on every device") \
  CHOICE(run, resume, 0, "auto|never", "auto: go on from the newest good checkpoint; never: refuse a used directory") \
  \
  SECTION(model, "model", "decoder of Llama shapes, from random initialisation or a folder") \
  TEXT(model, path, "", "folder with a model.safetensors of this shape to start from (a checkpoint of rlsp); empty: random weights") \
  INTEGER(model, layers, 3, 1, 256, "", "decoder blocks") \
  INTEGER(model, width, 128, 8, 16384, "", "residual width") \
  INTEGER(model, heads, 4, 1, 256, "", "query heads") \
  INTEGER(model, kv_heads, 4, 1, 256, "", "key and value heads; divides heads") \
  INTEGER(model, ffn, 352, 8, 65536, "", "width of the SwiGLU inner layer") \
  REAL(model, rope_theta, 10000, 1, 1e9, "", "base of the rotary frequencies") \
  REAL(model, norm_eps, 1e-5, 1e-12, 0.1, "", "added to the mean square in RMSNorm") \
  CHOICE(model, bias, 0, "none|qkv", "qkv: biases on the attention input projections (Qwen2)") \
  \
  SECTION(task, "task", "what the model is taught") \
  CHOICE(task, kind, 0, "countdown", "countdown: reach a target from numbers with + - * /") \
  INTEGER(task, numbers, 3, 2, 4, "", "numbers in a problem") \
  INTEGER(task, number_max, 20, 2, 99, "", "numbers are drawn from 1..number_max") \
  INTEGER(task, target_min, 10, 0, 99, "", "smallest target") \
  INTEGER(task, target_max, 99, 0, 99, "", "largest target") \
  TEXT(task, problems, "", "JSONL file of {\"nums\": [..], \"target\": N} used as the PPO and test problems instead of drawn ones") \
  INTEGER(task, test_problems, 1000, 1, 1000000, "problems", "held out from SFT and PPO") \
  REAL(task, ppo_share, 0.35, 0, 1, "", "share of the remaining problems kept for PPO; the rest is for SFT") \
  REAL(task, solve_probability, 0.6, 0, 1, "", "chance that a demonstrated attempt is one that solves") \
  REAL(task, check_probability, 0.5, 0, 1, "", "chance that a demonstrated attempt ends with its OK or NO") \
  REAL(task, retry_probability, 0.01, 0, 1, "", "chance that a demonstrated NO is followed by BACK and one more attempt") \
  REAL(task, continuation_share, 0.25, 0, 1, "", "share of SFT examples that begin after failed attempts shown as context without loss") \
  INTEGER(task, failed_context_max, 3, 1, 8, "attempts", "most failed attempts in such a context") \
  INTEGER(task, position_gap_max, 100, 0, 4096, "tokens", "random gap in positions between prompt and response in SFT") \
  \
  SECTION(sft, "sft", "supervised fine-tuning on demonstrated traces") \
  INTEGER(sft, steps, 2000, 0, 1000000000, "steps", "optimizer steps; 0 skips SFT") \
  INTEGER(sft, batch, 256, 1, 1048576, "traces", "traces a step") \
  REAL(sft, lr, 1e-3, 0, 1, "", "peak learning rate") \
  REAL(sft, lr_final, 0.05, 0, 1, "of the peak", "where the cosine ends") \
  INTEGER(sft, warmup, 50, 0, 1000000, "steps", "linear warm-up") \
  \
  SECTION(rollout, "rollout", "sampling responses") \
  INTEGER(rollout, samples, 256, 1, 1048576, "responses", "responses a PPO iteration") \
  INTEGER(rollout, samples_per_prompt, 1, 1, 1024, "responses", "responses drawn for one prompt; divides samples") \
  INTEGER(rollout, slots, 256, 1, 65536, "sequences", "sequences decoded together. Never changes a bit") \
  INTEGER(rollout, response_max, 128, 1, 32768, "tokens", "longest response; a longer one is cut and counted") \
  REAL(rollout, temperature, 1, 0.01, 100, "", "of sampling; log-probs are of the distribution sampled from") \
  REAL(rollout, top_p, 1, 0, 1, "", "nucleus sampling; training accepts 1 only") \
  INTEGER(rollout, top_k, 0, 0, 1000000, "tokens", "0 = off; training accepts 0 only") \
  REAL(rollout, min_p, 0, 0, 1, "", "0 = off; training accepts 0 only") \
  \
  SECTION(reward, "reward", "how the streams are balanced") \
  CHOICE(reward, balance, 0, "paper|paper-code|streams", "paper: alpha*correctness + (1-alpha)*exploration (Eq. 1); paper-code: their sum; streams: each learnt separately, advantages mixed") \
  REAL(reward, alpha, 0.8, 0, 1, "", "weight of correctness under balance = paper; 1 = outcome only") \
  REAL(reward, clip, 10, 0, 1e6, "", "rewards are clipped to +-clip; 0 = never") \
  \
  SECTION(reward_correctness, "reward.correctness", "the outcome verifier") \
  CHOICE(reward_correctness, verifier, 0, "countdown|math|exact|regex|program", "countdown: exact arithmetic on the last attempt; math: the answer in the completion is the same mathematics as the gold; exact: the same text; regex: what pattern finds is the gold's text; program: what reward.correctness.program says. All but countdown go by texts: on Countdown the gold is the target and nobody checks the steps") \
  TEXT(reward_correctness, answer_sources, "box, phrase, hashes, math", "where math and exact look for the answer, in this order, in what follows </think>: box (the last \\boxed), phrase (the answer is ..), hashes (#### ..), math (the last $..$), number (the last number that is no operand; what fits Countdown: behind its last =), letter (of a multiple choice), whole (all of it)") \
  CHOICE(reward_correctness, answer_which, 0, "last|first", "which \\boxed counts, or which match of pattern. last: different ones side by side are no answer; first: what the paper's code does") \
  CHOICE(reward_correctness, answer_after_thinking, 0, "no|yes", "yes: a completion without </think> has no answer") \
  INTEGER(reward_correctness, tolerance_digits, 0, 0, 100, "digits", "verifier = math: a decimal stands for all that rounds to it at so many digits behind the point; 0 = exact") \
  CHOICE(reward_correctness, units, 0, "ignore|compare", "verifier = math. ignore: a unit is dropped where the other side has none; compare: 3 is not 3 cm") \
  TEXT(reward_correctness, pattern, "", "verifier = regex: a PCRE2 pattern (UTF-8); its group 1, or all of the match where it has none, must be the gold. No # behind a blank: the rest would be a comment") \
  TEXT(reward_correctness, program, "", "path of an executable file and its arguments, cut at blanks (no quotes, no look into PATH), run once for each response: standard input is the completion, descriptor 3 the gold, 4 the prompt; exit code 0 right, 1 wrong, 2 no answer, anything else undecided") \
  INTEGER(reward_correctness, program_seconds, 10, 1, 3600, "seconds", "a program that takes longer, by the clock or of CPU time, is killed: undecided") \
  INTEGER(reward_correctness, program_memory, 1073741824, 16777216, 1099511627776, "bytes", "address space of each process of the program") \
  INTEGER(reward_correctness, program_parallel, 0, 0, 512, "programs", "run at once; 0 = as many as there are cores. Never changes a bit of the result") \
  REAL(reward_correctness, correct, 1, -100, 100, "", "reward of a right answer") \
  REAL(reward_correctness, wrong, 0, -100, 100, "", "reward of a wrong answer") \
  REAL(reward_correctness, no_answer, -0.5, -100, 100, "", "reward where no answer can be read") \
  REAL(reward_correctness, undecided, 0, -100, 100, "", "reward where the verifier cannot tell") \
  REAL(reward_correctness, undecided_warn, 0.1, 0, 1, "share", "a warning is given where more of an iteration's verdicts are undecided. Never changes a bit of the result") \
  REAL(reward_correctness, weight, 0.7, 0, 1e6, "", "of its whitened advantage under balance = streams") \
  REAL(reward_correctness, gamma, 1, 0, 1, "", "discount of this stream") \
  REAL(reward_correctness, lambda, 0.95, 0, 1, "", "GAE lambda of this stream") \
  CHOICE(reward_correctness, head, 0, "own|shared", "value head under balance = streams") \
  CHOICE(reward_correctness, whiten, 1, "no|yes", "whiten this stream's advantages under balance = streams") \
  \
  SECTION(reward_length, "reward.length", "the exploration reward -c / max(L, floor), L in tokens") \
  REAL(reward_length, c, 26, 0, 1e6, "tokens", "0 = no length reward") \
  REAL(reward_length, c_final, 1, 0, 1, "of c", "where c has decayed to, linearly, at the last iteration") \
  REAL(reward_length, floor, 8, 1, 1e6, "tokens", "shorter responses count as this long") \
  REAL(reward_length, weight, 0.3, 0, 1e6, "", "of its whitened advantage under balance = streams") \
  REAL(reward_length, gamma, 1, 0, 1, "", "discount of this stream") \
  REAL(reward_length, lambda, 0.95, 0, 1, "", "GAE lambda of this stream") \
  CHOICE(reward_length, head, 0, "own|shared", "value head under balance = streams") \
  CHOICE(reward_length, whiten, 1, "no|yes", "whiten this stream's advantages under balance = streams") \
  \
  SECTION(ppo, "ppo", "proximal policy optimization") \
  INTEGER(ppo, iterations, 70, 0, 1000000000, "iterations", "rollout + update; 0 skips PPO") \
  INTEGER(ppo, epochs, 1, 1, 64, "", "passes over each rollout") \
  INTEGER(ppo, minibatch, 64, 1, 1048576, "responses", "responses an optimizer step") \
  REAL(ppo, lr, 2e-4, 0, 1, "", "peak learning rate of the policy") \
  REAL(ppo, lr_final, 0.1, 0, 1, "of the peak", "where the cosine ends; the critic's too") \
  INTEGER(ppo, warmup, 0, 0, 1000000, "steps", "linear warm-up of the policy's learning rate, in optimizer steps") \
  REAL(ppo, clip_low, 0.2, 0, 1, "", "ratio clip below 1") \
  REAL(ppo, clip_high, 0.2, 0, 10, "", "ratio clip above 1") \
  REAL(ppo, kl_coef, 0.05, 0, 100, "", "beta: k1 KL to the SFT policy, taken from the reward at each token") \
  CHOICE(ppo, kl_stream, 0, "correctness|length", "which stream carries the KL under balance = streams") \
  REAL(ppo, entropy_coef, 0, 0, 10, "", "entropy bonus a token") \
  \
  SECTION(critic, "critic", "the value network: its own copy of the SFT policy with one linear head a stream") \
  REAL(critic, lr, 3e-4, 0, 1, "", "peak learning rate") \
  INTEGER(critic, warmup_iterations, 4, 0, 1000000, "iterations", "the policy is held still for this many iterations") \
  REAL(critic, clip, 0.2, 0, 1e6, "", "value clip; 0 = none") \
  \
  SECTION(optim, "optim", "AdamW, for every network") \
  REAL(optim, beta1, 0.9, 0, 0.9999, "", "decay of the first moment") \
  REAL(optim, beta2, 0.95, 0, 0.9999, "", "decay of the second moment") \
  REAL(optim, eps, 1e-8, 1e-16, 1, "", "added to the root of the second moment") \
  REAL(optim, weight_decay, 0, 0, 1, "", "decoupled weight decay") \
  REAL(optim, max_grad_norm, 1, 0, 1e6, "", "gradients are scaled down to this norm; 0 = never") \
  INTEGER(optim, micro_tokens, 2048, 64, 1048576, "tokens", "tokens of one forward and backward pass; gradients of passes are summed in a fixed tree. Part of the result's bits") \
  \
  SECTION(eval, "eval", "pass@1 on the test problems") \
  INTEGER(eval, problems, 1000, 0, 1000000, "problems", "test problems used; 0 = no evaluation") \
  INTEGER(eval, samples, 1, 1, 1024, "responses", "responses a problem") \
  REAL(eval, temperature, 1, 0, 100, "", "0 = greedy") \
  \
  SECTION(checkpoint, "checkpoint", "crash-safe state") \
  INTEGER(checkpoint, every, 50, 0, 1000000000, "steps", "SFT steps or PPO iterations between checkpoints; 0 = only at the end and on a signal") \
  INTEGER(checkpoint, keep, 2, 2, 1000000, "checkpoints", "newest checkpoints kept") \
  \
  SECTION(log, "log", "what is written down") \
  INTEGER(log, every, 10, 1, 1000000, "steps", "SFT steps between metric rows (PPO: every iteration)") \
  INTEGER(log, samples, 8, 0, 1048576, "responses", "responses of each logged PPO iteration written to samples.jsonl")

#endif
