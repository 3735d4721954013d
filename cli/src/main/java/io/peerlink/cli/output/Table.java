package io.peerlink.cli.output;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows under named columns.
 *
 * @param columns names, lower case: also the keys in JSON
 * @param rows values in column order: strings, numbers or booleans
 */
public record Table(List<String> columns, List<List<Object>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** A row as one line for pipes. */
    String plain(List<Object> row) {
        return row.stream().map(Table::text).collect(Collectors.joining(" "));
    }

    /** Header and rows with aligned columns. */
    List<String> aligned() {
        List<String> lines = new ArrayList<>();
        lines.add(align(columns.stream()
                .map(column -> (Object) column.toUpperCase(java.util.Locale.ROOT))
                .toList()));
        rows.forEach(row -> lines.add(align(row)));
        return lines;
    }

    private String align(List<Object> row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String text = text(row.get(i));
            line.append(text);
            if (i < row.size() - 1) {
                line.append(" ".repeat(Math.max(0, width(i) - text.length()) + 2));
            }
        }
        return line.toString();
    }

    private int width(int column) {
        int width = columns.get(column).length();
        for (List<Object> row : rows) {
            width = Math.max(width, text(row.get(column)).length());
        }
        return width;
    }

    JsonObject json(List<Object> row) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < columns.size(); i++) {
            Object value = row.get(i);
            if (value instanceof Number number) {
                object.addProperty(columns.get(i), number);
            } else if (value instanceof Boolean bool) {
                object.addProperty(columns.get(i), bool);
            } else {
                object.addProperty(columns.get(i), String.valueOf(value));
            }
        }
        return object;
    }

    private static String text(Object value) {
        return TerminalText.neutralise(String.valueOf(value));
    }
}
