import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job to watch the checkpoints of. It uses only what Flink 1.17 to 2.3 have in common, so that one
 * file compiles against each of them.
 *
 * <p>Everything is chained into one task: behind a network exchange the buffered records would delay
 * every barrier by seconds. Durations are milliseconds.
 */
public final class FreshcheckJob {
    private static final String USAGE =
            "--name TEXT --interval-ms N --snapshot-ms N --state-bytes N --restart-after-ms N"
                    + " --finish-after-ms N --parallelism N --control FILE";

    /** One record in so many ms and subtask: next to no load, and a barrier waits no longer. */
    private static final long PERIOD_MS = 10;

    private FreshcheckJob() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args);
        int parallelism = (int) arguments.number("--parallelism", 1);
        long finishAfterMs = arguments.number("--finish-after-ms", 0);
        long intervalMs = arguments.number("--interval-ms", 0);

        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(parallelism);
        env.configure(settings());
        if (intervalMs > 0) {
            env.enableCheckpointing(intervalMs);
        }

        long last = finishAfterMs > 0 ? finishAfterMs / PERIOD_MS * parallelism : Long.MAX_VALUE - 1;
        env.fromSource(new NumberSequenceSource(1, Math.max(last, 1)),
                        WatermarkStrategy.noWatermarks(), "numbers")
                .map(new Watched(arguments))
                .filter(number -> number < 0)
                .print();
        env.execute(arguments.text("--name", "freshcheck"));
    }

    /** Restarts at once, for ever. The option has two names: up to 1.20, and since 1.18. */
    private static Configuration settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("restart-strategy", "fixed-delay");
        settings.put("restart-strategy.type", "fixed-delay");
        settings.put("restart-strategy.fixed-delay.attempts", "1000000");
        settings.put("restart-strategy.fixed-delay.delay", "0 s");
        return Configuration.fromMap(settings);
    }

    /** {@code --key value} pairs, all of them known. */
    private static final class Arguments {
        private final Map<String, String> values = new HashMap<>();

        Arguments(String[] args) {
            for (int i = 0; i < args.length; i += 2) {
                if (i + 1 == args.length || !(" " + USAGE).contains(" " + args[i] + " ")) {
                    throw new IllegalArgumentException("'" + args[i] + "': it takes " + USAGE);
                }
                values.put(args[i], args[i + 1]);
            }
        }

        String text(String key, String otherwise) {
            return values.getOrDefault(key, otherwise);
        }

        long number(String key, long otherwise) {
            return Long.parseLong(text(key, Long.toString(otherwise)));
        }
    }

    /**
     * Lets numbers through slowly, and takes, fails or delays snapshots as it is told. A snapshot
     * that throws fails its task too, so that the job restarts: that is Flink's way.
     */
    private static final class Watched implements MapFunction<Long, Long>, CheckpointedFunction {
        private static final long serialVersionUID = 1;

        private final long snapshotMs;
        private final int stateBytes;
        private final long restartAfterMs;
        private final String control;
        /** Names this submission among the properties of the process: see {@link #crashOnce}. */
        private final String submission = "freshcheck.crashed." + UUID.randomUUID();

        private transient ListState<byte[]> state;
        private transient long openedNs;

        Watched(Arguments arguments) {
            snapshotMs = arguments.number("--snapshot-ms", 0);
            stateBytes = (int) arguments.number("--state-bytes", 0);
            restartAfterMs = arguments.number("--restart-after-ms", 0);
            control = arguments.text("--control", null);
        }

        @Override
        public Long map(Long number) throws Exception {
            if (restartAfterMs > 0
                    && System.nanoTime() - openedNs >= restartAfterMs * 1_000_000) {
                crashOnce();
            }
            Thread.sleep(PERIOD_MS);
            return number;
        }

        /**
         * A static field would be forgotten with the class loader of the attempt that fails, and the
         * way to ask for the number of the attempt differs between versions.
         */
        private void crashOnce() {
            if (System.getProperties().putIfAbsent(submission, "") == null) {
                throw new IllegalStateException("crashed as it was told to");
            }
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            openedNs = System.nanoTime();
            state = context.getOperatorStateStore()
                    .getListState(new ListStateDescriptor<>("watched", byte[].class));
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            String order = order();
            if (order.equals("fail")) {
                throw new IllegalStateException("the snapshot failed as it was told to");
            }
            long takesMs = order.startsWith("slow ")
                    ? Long.parseLong(order.substring("slow ".length()).trim()) : snapshotMs;
            Thread.sleep(takesMs);
            state.update(stateBytes > 0
                    ? Collections.singletonList(new byte[stateBytes]) : Collections.emptyList());
        }

        /** What the control file says now; nothing when there is none. */
        private String order() throws IOException {
            if (control == null) {
                return "";
            }
            Path file = Paths.get(control);
            return Files.exists(file) ? new String(Files.readAllBytes(file)).trim() : "";
        }
    }
}
