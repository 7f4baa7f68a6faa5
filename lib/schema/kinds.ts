import type { Extractor, WholeExtractor } from "./extractor.ts";
import { accessMethod } from "./kinds/access-method.ts";
import { aggregate } from "./kinds/aggregate.ts";
import { baseType } from "./kinds/base-type.ts";
import { cast } from "./kinds/cast.ts";
import { collation } from "./kinds/collation.ts";
import { column } from "./kinds/column.ts";
import { attribute, compositeType } from "./kinds/composite.ts";
import { constraint } from "./kinds/constraint.ts";
import { conversion } from "./kinds/conversion.ts";
import { database, settings } from "./kinds/database.ts";
import { defaultPrivileges } from "./kinds/default-privileges.ts";
import { domain, domainConstraint } from "./kinds/domain.ts";
import { enumType } from "./kinds/enum.ts";
import { eventTrigger } from "./kinds/event-trigger.ts";
import { extension } from "./kinds/extension.ts";
import { foreignDataWrapper, foreignServer, userMapping } from "./kinds/foreign-server.ts";
import { routine } from "./kinds/function.ts";
import { index } from "./kinds/index.ts";
import { language, transform } from "./kinds/language.ts";
import { largeObjects } from "./kinds/large-objects.ts";
import { operator } from "./kinds/operator.ts";
import { operatorClass, operatorFamily } from "./kinds/operator-class.ts";
import { parameter } from "./kinds/parameter.ts";
import { policy } from "./kinds/policy.ts";
import { publication, publicationSchema } from "./kinds/publication.ts";
import { publicationTable } from "./kinds/publication-table.ts";
import { range } from "./kinds/range.ts";
import { rule } from "./kinds/rule.ts";
import { schema } from "./kinds/schema.ts";
import { securityLabel } from "./kinds/security-label.ts";
import { sequence } from "./kinds/sequence.ts";
import { statistics } from "./kinds/statistics.ts";
import { subscription } from "./kinds/subscription.ts";
import { systemPrivileges } from "./kinds/system-privileges.ts";
import { table } from "./kinds/table.ts";
import { textSearchParser, textSearchTemplate } from "./kinds/text-search.ts";
import {
  textSearchConfiguration,
  textSearchDictionary,
} from "./kinds/text-search-configuration.ts";
import { trigger } from "./kinds/trigger.ts";
import { view } from "./kinds/view.ts";

/** What belongs to relations and functions, a statement a group: those with many rows by themselves. */
export const ofUnits: readonly (readonly Extractor[])[] = [
  [column],
  [constraint, index],
  [
    table,
    view,
    trigger,
    sequence,
    routine,
    domain,
    domainConstraint,
    policy,
    rule,
    statistics,
    publicationTable,
  ],
];

export const ofDatabase: readonly WholeExtractor[] = [
  enumType,
  extension,
  database,
  settings,
  defaultPrivileges,
  eventTrigger,
  foreignDataWrapper,
  foreignServer,
  userMapping,
  publication,
  publicationSchema,
  subscription,
  parameter,
  largeObjects,
  systemPrivileges,
  securityLabel,
  schema,
  compositeType,
  attribute,
  range,
  baseType,
  aggregate,
  collation,
  conversion,
  cast,
  operator,
  operatorClass,
  operatorFamily,
  textSearchParser,
  textSearchTemplate,
  textSearchDictionary,
  textSearchConfiguration,
  language,
  transform,
  accessMethod,
];
