/**
 * Who learns from whom, on what, and what it costs: one file a method. {@link
 * lot4j.method.MethodSpec} describes a method, {@link lot4j.method.Method} is one at work, {@link
 * lot4j.method.Bill} is its cost in samples, worked out without training. Depends on {@code lot4j},
 * {@code lot4j.train}'s seams and {@code lot4j.checkpoint}.
 *
 * <pre>{@code
 * Method method = new TeacherOnly().over(setting);
 * Update update = method.update(0);
 * }</pre>
 */
package lot4j.method;
