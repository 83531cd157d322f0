/* Every command of rlsp and every option of each, once: dispatch, parsing and `rlsp help` are made from this list.
 *
 * To add one: a row here, and tools/NAME.c with
 *   enum status command_NAME(const struct invocation *invocation, struct error *error);
 * (declared by commands.h from this list). Its options follow it, in the same list:
 *
 * COMMAND(name, operand, "summary", "more, for its --help")   operand: CONFIG, OPTIONAL_CONFIG, RUN (its folder, or its
 *                                                     config), TOPIC (a command) or NONE
 * OPTION(command, "name", "VALUE", "doc")                     VALUE "": a flag */
#ifndef RLSP_TOOLS_COMMAND_TABLE_H
#define RLSP_TOOLS_COMMAND_TABLE_H

#define COMMAND_TABLE(COMMAND, OPTION)                                                                                     \
  COMMAND(train, CONFIG, "run SFT and RLSP; goes on where a stopped run ended",                                              \
          "Writes metrics, samples, checkpoints, summary.json and report.html into run.dir and ends with a table. Stopped by a signal it finishes\n" \
          "its step and a checkpoint; the same command goes on from there, to the same bits.")                               \
  OPTION(train, "device-memory", "SIZE", "refuse to begin above SIZE bytes of device memory (takes K, M, G)")             \
  COMMAND(eval, CONFIG, "pass@1 and behaviours of a run's newest checkpoint on the test problems",                           \
          "Takes run.dir's newest checkpoint and leaves the run as it is. eval.problems, eval.samples and eval.temperature may be overridden.") \
  COMMAND(plan, CONFIG, "print every buffer of a run, and whether it fits",                                                \
          "Lists name, shape, type, bytes and offset of every buffer, totals per region and phase, and in the last line whether the\n" \
          "run fits the device: run.device, or what --device-memory says, which needs no device at all. Exit code 3: it does not\n" \
          "fit; the line then says which settings would make it fit and what each saves.")                                 \
  OPTION(plan, "device-memory", "SIZE", "fit the device arena in SIZE bytes (takes K, M, G), on whatever device")          \
  COMMAND(score, OPTIONAL_CONFIG, "verdicts on pairs of gold and answer, from a file of JSON lines",                         \
          "A line in: {\"gold\": .., \"answer\": ..}, or {\"gold\": .., \"completion\": ..} from which the answer is extracted; with it, where known,\n" \
          "\"prompt\", \"truncated\": true, \"tolerance_digits\": N. A line out: verdict (right, wrong, undecided), what was extracted, both readings in\n" \
          "normal form, the reason and its place. Counts go to standard error. The verifier and its settings are reward.correctness.* of the\n" \
          "config: math, exact or regex; without a config: math.")                                                          \
  OPTION(score, "input", "FILE", "JSON lines to read; - or not given: standard input")                                      \
  OPTION(score, "output", "FILE", "JSON lines to write; - or not given: standard output")                                   \
  COMMAND(report, RUN, "rebuild report.html from what a run directory holds",                                              \
          "Reads metrics.jsonl, samples.jsonl, summary.json, config.ini and plan.txt; also of a run that is going on. Prints the path.") \
  COMMAND(devices, NONE, "list the devices a run can use",                                                                 \
          "The first column is what run.device takes. Says why there is no Vulkan device where there is none.")            \
  OPTION(devices, "probe", "", "run millions of small cases on each Vulkan device and say whether its bits match; exit code 4 where some do not") \
  COMMAND(config, OPTIONAL_CONFIG, "print every setting: the reference, or a config resolved",                             \
          "Without a config: every setting with its default, range and meaning, as an INI file that can be run. With one: that\n" \
          "config with its overrides and all defaults filled in, checked.")                                                \
  COMMAND(bench, OPTIONAL_CONFIG, "measure this machine: matrix products, SFT, decode, a PPO iteration",                    \
          "Matrix products through the CPU device beside the ceiling measured in the same minute; tokens a second of SFT, decode and PPO on\n" \
          "the config's model, device and sizes (without a config: the defaults), with responses of a fixed length. Every figure is the\n" \
          "median of its repetitions, with the smallest and the largest. Writes nothing.")                                   \
  OPTION(bench, "json", "", "one line of JSON in place of the tables")                                                     \
  OPTION(bench, "only", "PART", "matmul or learning: that part alone")                                                     \
  OPTION(bench, "repetitions", "N", "repetitions of everything; 9 unless told, at most 99")                                \
  COMMAND(version, NONE, "print the version", "")                                                                          \
  COMMAND(help, TOPIC,   "explain rlsp, or a command", "")

#endif
