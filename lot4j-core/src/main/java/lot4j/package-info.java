/**
 * Learning from Teaching regularization: the algorithm, and nothing else.
 *
 * <p>A main model, the <em>teacher</em>, is trained together with <em>students</em> that learn to
 * imitate it; how badly they manage (the imitability μ) is added to the teacher's loss. The three
 * types to know are {@link lot4j.Lot}, the algorithm with its two verbs {@code penalty} and {@code
 * teach}; {@link lot4j.Learner}, a network with the means to follow its gradient; and {@link
 * lot4j.Imitability}, the measure μ.
 *
 * <p>Depends on: the engine (JavaCPP PyTorch), nothing else. In an existing training loop:
 *
 * <pre>{@code
 * Lot lot = Lot.teacher(net::forward)
 *     .student(small::forward, new SGD(small.parameters(), new SGDOptions(0.1)))
 *     .imitability(new KlDivergence(1.5)).alpha(1.0).studentSteps(2).build();
 *
 * Penalty penalty = lot.penalty(images, logits);              // α·Σ λᵢ·μ(t, sᵢ)
 * cross_entropy(logits, labels).add(penalty.term()).backward();
 * lot.teach(studentImages);                                   // N student steps
 * }</pre>
 *
 * <p>Source: C. Jin, T. Che, H. Peng, Y. Li, D. Metaxas, M. Pavone, "Learning from Teaching
 * Regularization: Generalizable Correlations Should be Easy to Imitate", NeurIPS 2024, arXiv
 * 2402.02769.
 */
package lot4j;
