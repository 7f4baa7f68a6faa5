// Loaded into the functions that MiniStack runs: it hands on the words that stand for the time of a
// tick as they are, and AWS puts the time there.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
const parse = JSON.parse;

/** MiniStack looks every 10 s: a cron comes so late, a rate comes when it comes. */
const late = 20_000;

JSON.parse = (text, reviver) => {
  if (typeof text !== "string" || !text.includes("<aws.scheduler.scheduled-time>")) {
    return parse(text, reviver);
  }
  const now = Date.now();
  const into = now % 60_000;
  const time = new Date(now - (into < late ? into : into % 1000)).toISOString();
  return parse(text.replaceAll("<aws.scheduler.scheduled-time>", time), reviver);
};
