// The pages on which the office edits: requests carry the token that Django asks for.
import { start } from "./page.js";

start();
