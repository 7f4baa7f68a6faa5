// One file, as to load CDK takes a second: each suite reads the three stacks of stacks.ts.
import "./suites/access.ts";
import "./suites/shape.ts";
import "./suites/silence.ts";
import "./suites/refusals.ts";
import "./suites/packaged.ts";
