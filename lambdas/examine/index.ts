import { deployedWorld } from "../../lib/adapters/aws/lambda/world.ts";
import { configBeside } from "../shared/config.ts";
import { examineHandler } from "./handler.ts";

export const handler = examineHandler(deployedWorld(), configBeside(import.meta.dirname));
