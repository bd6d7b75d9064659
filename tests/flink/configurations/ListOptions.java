import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.FallbackKey;

/** Prints every key of every ConfigOption in a jar, deprecated and fallback keys too, a line each. */
public class ListOptions {
    public static void main(String[] arguments) throws Exception {
        TreeSet<String> keys = new TreeSet<>();
        try (JarFile jar = new JarFile(arguments[0])) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName();
                if (name.matches("org/apache/flink/.*(Options|OptionsInternal|Constants|Configuration|Utils)\\.class")) {
                    addFrom(name.substring(0, name.length() - 6).replace('/', '.'), keys);
                }
            }
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        keys.forEach(out::println);
        out.flush();
    }

    static void addFrom(String className, TreeSet<String> keys) {
        try {
            for (Field field : Class.forName(className).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                    field.setAccessible(true);
                    add((ConfigOption<?>) field.get(null), keys);
                }
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return; // a class that needs something that is not in the jar
        }
    }

    static void add(ConfigOption<?> option, TreeSet<String> keys) {
        keys.add(option.key());
        for (FallbackKey key : option.fallbackKeys()) {
            keys.add(key.getKey());
        }
    }
}
