import { deployedWorld } from "../../lib/adapters/aws/lambda/world.ts";
import { configBeside } from "../shared/config.ts";
import { digestHandler } from "./handler.ts";

export const handler = digestHandler(deployedWorld(), configBeside(import.meta.dirname));
