import { deployedWorld } from "../../lib/adapters/aws/lambda/world.ts";
import { configBeside } from "../shared/config.ts";
import { notifyHandler } from "./handler.ts";

export const handler = notifyHandler(deployedWorld(), configBeside(import.meta.dirname));
