/**
 * Several processes that train one run together: who they are, what they add up and tell each
 * other, and what happens if one of them is lost.
 */
package lot4j.distributed;
