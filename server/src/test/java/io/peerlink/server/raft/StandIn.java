package io.peerlink.server.raft;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** For Ratis' wide interfaces: answers the methods that a test names, and the default ones that build on these. */
final class StandIn implements InvocationHandler {
    private final Map<String, Function<Object[], Object>> answers;

    private StandIn(Map<String, Function<Object[], Object>> answers) {
        this.answers = answers;
    }

    /** Answers by the name of the method, from its arguments. */
    static <T> T of(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new StandIn(answers)));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Function<Object[], Object> answer = answers.get(method.getName());
        if (answer == null && method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return Objects.requireNonNull(answer, () -> "nothing told for " + method)
                .apply(arguments);
    }
}
