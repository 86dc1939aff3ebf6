/**
 * The {@code lot} command: one class a command, no logic beyond arguments, calls and exit codes.
 * {@link lot4j.cli.Main} is the entry point, {@link lot4j.cli.Exit} the exit codes, {@link
 * lot4j.cli.Fleet} the worker processes of comparisons. May depend on everything.
 */
package lot4j.cli;
