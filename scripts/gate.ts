/**
 * What the published CLI and the benchmarks set before anything is loaded. A look is short: a young
 * generation that grows is memory that nobody gives back in time. What is kept is small, so that to
 * collect it often is cheap; and of two compilers one will do,
 * as of the threads that collect: waking the others takes longer than the work.
 */
export const heapFlags = [
  "--semi-space-growth-factor=1",
  "--heap-growing-percent=20",
  "--no-maglev",
  "--no-parallel-scavenge",
] as const;

/** The rest of a script: sets the flags, then loads `module`. */
export const loadLean = (module: string): string => `import("node:v8").then((v8) => {
${heapFlags.map((flag) => `  v8.setFlagsFromString("${flag}");\n`).join("")}  return import("${module}");
});
`;
