/** What single stations cost, measured alone with JMH: {@code tests-integration/micro}. Not run in CI. */
@org.jspecify.annotations.NullMarked
package io.peerlink.integration.micro;
