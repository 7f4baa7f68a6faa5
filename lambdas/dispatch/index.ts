import { deployedWorld } from "../../lib/adapters/aws/lambda/world.ts";
import { configBeside } from "../shared/config.ts";
import { dispatchHandler } from "./handler.ts";

export const handler = dispatchHandler(deployedWorld(), configBeside(import.meta.dirname));
