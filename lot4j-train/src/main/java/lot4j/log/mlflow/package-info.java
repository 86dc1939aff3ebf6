/**
 * Reports a run to an MLflow server, if asked: {@link lot4j.log.mlflow.MlflowRun} is the record in
 * the run directory that asks for it, {@link lot4j.log.mlflow.MlflowTracker} sends what the run
 * writes from a thread of its own, {@link lot4j.log.mlflow.MlflowClient} knows the REST interface.
 *
 * <p>Nothing here can change or stop a run: a server that fails is a warning. Without {@code
 * mlflow.json} in the run directory nothing is sent. Depends on {@code lot4j.log}, {@code
 * lot4j.checkpoint.AtomicFile}, a JSON library and the JDK's HTTP client.
 *
 * <pre>{@code
 * MlflowRun.at("http://localhost:5000", "digits").write(run); // before the run begins
 * }</pre>
 */
package lot4j.log.mlflow;
