import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a release of Flink makes of configurations, asked of its own classes. Standard input: a line
 * for each, FOLDER, then KEY=VALUE of each -D behind tabs. Standard output: for each a line
 * "configuration FOLDER", then "OPTION\tVALUE" or "OPTION\trefused SENTENCE", or one line
 * "file\trefused SENTENCE". Compiles against 1.17 and runs on every release up to 2.3.
 */
public class ReadConfigurations {
    static final String CONFIGURATION = "org.apache.flink.configuration.";
    static final String CHECKPOINTING = CONFIGURATION + "CheckpointingOptions|"
            + "org.apache.flink.streaming.api.environment.ExecutionCheckpointingOptions";

    /** Name here, classes, fields; the first that is there. */
    static final String[][] OPTIONS = {
        {"rest.async.store-duration", CONFIGURATION + "RestOptions", "ASYNC_OPERATION_STORE_DURATION"},
        {"rest.server.numThreads", CONFIGURATION + "RestOptions", "SERVER_NUM_THREADS"},
        {"metrics.fetcher.update-interval", CONFIGURATION + "MetricOptions", "METRIC_FETCHER_UPDATE_INTERVAL"},
        {"completed-application-store.max-capacity", CONFIGURATION + "JobManagerOptions",
            "COMPLETED_APPLICATION_STORE_MAX_CAPACITY|JOB_STORE_MAX_CAPACITY"},
        {"execution.checkpointing.num-retained", CONFIGURATION + "CheckpointingOptions", "MAX_RETAINED_CHECKPOINTS"},
        {"execution.checkpointing.externalized-checkpoint-retention", CHECKPOINTING,
            "EXTERNALIZED_CHECKPOINT_RETENTION|EXTERNALIZED_CHECKPOINT"},
        {"execution.checkpointing.interval", CHECKPOINTING, "CHECKPOINTING_INTERVAL"},
        {"execution.checkpointing.min-pause", CHECKPOINTING, "MIN_PAUSE_BETWEEN_CHECKPOINTS"},
        {"execution.checkpointing.timeout", CHECKPOINTING, "CHECKPOINTING_TIMEOUT"},
        {"execution.checkpointing.max-concurrent-checkpoints", CHECKPOINTING, "MAX_CONCURRENT_CHECKPOINTS"},
        // Read inside of RestHandlerConfiguration, whose refusal may be one of these.
        {"web.refresh-interval", CONFIGURATION + "WebOptions", "REFRESH_INTERVAL"},
        {"rest.cache.execution-graph.timeout", CONFIGURATION + "RestOptions", "CACHE_EXECUTION_GRAPH_TIMEOUT"},
        {"web.checkpoints.history", CONFIGURATION + "WebOptions", "CHECKPOINTS_HISTORY_SIZE"},
        {"rest.cache.checkpoint-statistics.timeout", CONFIGURATION + "RestOptions", "CACHE_CHECKPOINT_STATISTICS_TIMEOUT"},
        {"rest.cache.checkpoint-statistics.size", CONFIGURATION + "RestOptions", "CACHE_CHECKPOINT_STATISTICS_SIZE"},
        {"web.timeout", CONFIGURATION + "WebOptions", "TIMEOUT"},
        {"web.cancel.enable", CONFIGURATION + "WebOptions", "CANCEL_ENABLE"},
    };
    /** What RestHandlerConfiguration came to. */
    static final String[][] HANDLERS = {
        {"web.refresh-interval", "getRefreshInterval"},
        {"rest.cache.execution-graph.timeout", "getExecutionGraphCacheTTL"},
        {"web.checkpoints.history", "getCheckpointHistorySize|getMaxCheckpointStatisticCacheEntries"},
        {"rest.cache.checkpoint-statistics.timeout", "getCheckpointCacheExpireAfterWrite"},
        {"rest.cache.checkpoint-statistics.size", "getCheckpointCacheSize"},
        {"web.timeout", "getTimeout"},
        {"web.cancel.enable", "isWebCancelEnabled"},
    };

    static PrintStream out;

    public static void main(String[] arguments) throws Exception {
        out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split("\t");
            out.println("configuration " + parts[0]);
            read(parts);
        }
        out.flush();
    }

    static void read(String[] parts) {
        Configuration dynamic = new Configuration();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            dynamic.setString(parts[i].substring(0, equals), parts[i].substring(equals + 1));
        }
        Configuration configuration;
        try {
            configuration = GlobalConfiguration.loadConfiguration(parts[0], dynamic);
        } catch (RuntimeException e) {
            line("file", "refused " + reasons(e));
            return;
        }
        List<String> refused = new ArrayList<>();
        for (String[] option : OPTIONS) {
            readOption(configuration, option, refused);
        }
        jobStoreExpiration(configuration);
        handlers(configuration, refused);
    }

    /** Checks that Flink makes of a number when it builds what the number is for. */
    static Object used(String option, Object value, Configuration configuration)
            throws ReflectiveOperationException {
        if (option.endsWith("checkpoint-statistics.size") || option.endsWith("max-capacity")) {
            Class<?> builder = guava("cache.CacheBuilder");
            Object made = builder.getMethod("newBuilder").invoke(null);
            builder.getMethod("maximumSize", long.class).invoke(made, ((Integer) value).longValue());
        } else if (option.equals("web.checkpoints.history")) {
            Constructor<?> constructor = Class.forName("org.apache.flink.runtime.checkpoint.CheckpointStatsHistory")
                    .getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            constructor.newInstance(value);
        } else if (option.endsWith("num-retained")) {
            return Class.forName("org.apache.flink.runtime.checkpoint.DefaultCompletedCheckpointStoreUtils")
                    .getMethod("getMaximumNumberOfRetainedCheckpoints", Configuration.class, Logger.class)
                    .invoke(null, configuration, LoggerFactory.getLogger("none"));
        }
        return value;
    }

    static Class<?> guava(String name) throws ClassNotFoundException {
        for (int release = 30;; release++) {
            try {
                return Class.forName("org.apache.flink.shaded.guava" + release + ".com.google.common." + name);
            } catch (ClassNotFoundException e) {
                if (release == 50) {
                    throw e;
                }
            }
        }
    }

    static void readOption(Configuration configuration, String[] option, List<String> refused) {
        ConfigOption<?> found = find(option[1], option[2]);
        boolean ofHandlers = false;
        for (String[] handler : HANDLERS) {
            ofHandlers |= handler[0].equals(option[0]);
        }
        try {
            if (found != null) {
                Object value = used(option[0], configuration.get(found), configuration);
                if (!ofHandlers) {
                    line(option[0], text(value, found));
                }
            }
        } catch (IllegalArgumentException e) {
            refused.add(option[0]);
            line(option[0], "refused " + e.getMessage());
        } catch (InvocationTargetException e) {
            refused.add(option[0]);
            line(option[0], "refused " + e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static ConfigOption<?> find(String classes, String fields) {
        for (String name : classes.split("\\|")) {
            for (String field : fields.split("\\|")) {
                try {
                    return (ConfigOption<?>) Class.forName(name).getField(field).get(null);
                } catch (ReflectiveOperationException e) {
                    continue;
                }
            }
        }
        return null;
    }

    /** Since 2.3 two options of two types: ArchivedApplicationStoreUtils says which counts. */
    static void jobStoreExpiration(Configuration configuration) {
        String name = "completed-application-store.expiration-time";
        try {
            Method method = null;
            try {
                for (Method m : Class.forName("org.apache.flink.runtime.util.ArchivedApplicationStoreUtils")
                        .getDeclaredMethods()) {
                    if (m.getReturnType() == Duration.class && m.getParameterCount() == 1) {
                        method = m;
                    }
                }
            } catch (ClassNotFoundException e) {
                ConfigOption<?> option = find(CONFIGURATION + "JobManagerOptions", "JOB_STORE_EXPIRATION_TIME");
                line(name, text(Duration.ofSeconds((Long) configuration.get(option)), null));
                return;
            }
            method.setAccessible(true);
            line(name, text(method.invoke(null, configuration), null));
        } catch (InvocationTargetException e) {
            line(name, "refused " + e.getCause().getMessage());
        } catch (IllegalArgumentException e) {
            line(name, "refused " + e.getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static void handlers(Configuration configuration, List<String> refused) {
        Object handlers;
        try {
            handlers = Class.forName("org.apache.flink.runtime.rest.handler.RestHandlerConfiguration")
                    .getMethod("fromConfiguration", Configuration.class).invoke(null, configuration);
        } catch (InvocationTargetException e) {
            if (refused.isEmpty()) { // a check of its own
                line("web.refresh-interval", "refused " + e.getCause().getMessage());
            }
            return;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        for (String[] handler : HANDLERS) {
            if (refused.contains(handler[0])) {
                continue;
            }
            for (String method : handler[1].split("\\|")) {
                try {
                    line(handler[0], text(handlers.getClass().getMethod(method).invoke(handlers), null));
                } catch (ReflectiveOperationException e) {
                    continue; // not in this release
                }
            }
        }
    }

    /** Durations in milliseconds: "5000ms", "0.999ms". */
    static String text(Object value, ConfigOption<?> option) {
        if (value instanceof Long) {
            value = Duration.ofMillis((Long) value);
        } else if (value != null && value.getClass().getName().endsWith(".Time")) { // up to 1.20
            value = Duration.ofMillis(Long.parseLong(value.toString().split(" ")[0]));
        }
        if (!(value instanceof Duration)) {
            return String.valueOf(value);
        }
        Duration duration = (Duration) value;
        java.math.BigDecimal ms = new java.math.BigDecimal(duration.getSeconds()).movePointRight(3)
                .add(new java.math.BigDecimal(duration.getNano()).movePointLeft(6));
        return ms.setScale(3, java.math.RoundingMode.DOWN).stripTrailingZeros().toPlainString() + "ms";
    }

    static String reasons(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            all.append(all.length() > 0 ? " Caused by: " : "").append(t.getMessage());
        }
        return all.toString();
    }

    static void line(String name, String value) {
        out.println(name + "\t" + value.replace("\n", " ").replace("\t", " ").replace("\r", " ").trim());
    }
}
