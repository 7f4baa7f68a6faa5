import * as z from "zod";
import { defineCheck } from "../../core/check.ts";
import { count } from "../../core/units.ts";
import { silentTriggers } from "../reads/silent-triggers.ts";
import { sayConstraint } from "./disabled-trigger/constraint.ts";
import { examples } from "./disabled-trigger/examples.ts";
import { sayServerwide, saySetting } from "./disabled-trigger/setting.ts";
import { sayEventTrigger, sayRule, sayTrigger } from "./disabled-trigger/trigger.ts";

const isOurs = ({ isOfExtension }: { readonly isOfExtension: boolean }): boolean => !isOfExtension;

export const constraintsDisabledTrigger = defineCheck({
  id: "constraints/disabled-trigger",
  title: "Every trigger and rule fires",
  failureTitle: "Trigger, rule or foreign key that is switched off",
  why: "A disabled trigger is silent, and foreign keys are triggers: with theirs off, rows that break them are accepted and never looked at again.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html (DISABLE TRIGGER)",
  options: z.object({}),
  profiles: ["hourly", "nightly", "watch"],
  reads: { switches: silentTriggers },

  judge({ switches: [all] }) {
    if (all === undefined) throw new Error("silent-triggers answers one row");
    const { userTriggers, silentRules, silentEventTriggers } = all;
    const others = [...userTriggers, ...silentRules, ...silentEventTriggers];
    const theirs = others.filter((one) => !isOurs(one)).length;
    return {
      scope: [
        count(all.foreignKeys, "foreign key"),
        count(all.triggers, "trigger"),
        count(all.rules, "rule"),
        count(all.eventTriggers, "event trigger"),
        ...(theirs === 0 ? [] : [`${theirs} switched off by an extension, as it may`]),
      ].join(", "),
      findings: [
        ...(all.isServerwide ? [sayServerwide()] : []),
        ...all.settings.map(saySetting),
        ...all.constraints.map(sayConstraint),
        ...userTriggers.filter(isOurs).map(sayTrigger),
        ...silentRules.filter(isOurs).map(sayRule),
        ...silentEventTriggers.filter(isOurs).map(sayEventTrigger),
      ],
    };
  },

  examples,
});
