#include "rest_endpoint/render_internal.h"

#include "gateway/execution_graph.h"

static void append_escaped(struct buffer *text, char c)
{
    switch (c) {
    case '&':
        buffer_text(text, "&amp;");
        break;
    case '<':
        buffer_text(text, "&lt;");
        break;
    case '>':
        buffer_text(text, "&gt;");
        break;
    case '"':
        buffer_text(text, "&quot;");
        break;
    default:
        buffer_char(text, c);
    }
}

/*
 * A chain of operators, "a -> b -> c", as the tree that Flink draws of it, one line each:
 * "a<br/>+- b<br/>   +- c<br/>". Differs: of the HTML entities only those of markup are used.
 * Source: Flink JsonPlanGenerator.generatePlan, StreamingJobGraphGenerator.
 */
static void member_description(struct json_writer *json, const char *name)
{
    static const char link[] = " -> ";
    struct buffer text = {0};
    size_t depth = 0;

    while (*name) {
        if (strncmp(name, link, sizeof(link) - 1) != 0) {
            append_escaped(&text, *name++);
            continue;
        }
        buffer_text(&text, "<br/>");
        for (size_t i = 0; i < depth; i++)
            buffer_text(&text, "   ");
        buffer_text(&text, "+- ");
        depth++;
        name += sizeof(link) - 1;
    }
    buffer_text(&text, "<br/>");
    json_key(json, "description");
    render_text_and_free(json, &text);
}

/* Records that go to as many tasks as they come from stay where they are. */
static const char *ship_strategy(const struct graph_vertex *from, const struct graph_vertex *to)
{
    return from->parallelism == to->parallelism ? "FORWARD" : "REBALANCE";
}

static void member_inputs(struct json_writer *json, const struct graph_vertex *from,
                          const struct graph_vertex *to, bool typed)
{
    json_member_array(json, "inputs");
    json_begin_object(json);
    if (!typed)
        json_member_int64(json, "num", 0);
    render_member_id(json, "id", from->id);
    if (typed) {
        json_member_int64(json, "num", 0);
        json_member_text(json, "exchange", "pipelined_bounded");
        json_member_text(json, "ship_strategy", ship_strategy(from, to));
    } else {
        json_member_text(json, "ship_strategy", ship_strategy(from, to));
        json_member_text(json, "exchange", "pipelined_bounded");
    }
    json_end_object(json);
    json_end_array(json);
}

static void member_no_properties(struct json_writer *json)
{
    json_member_object(json, "optimizer_properties");
    json_end_object(json);
}

/* `input` is NULL for a source, which then has no such member. */
static void render_node(struct json_writer *json, const struct graph_vertex *vertex,
                        const struct graph_vertex *input, bool typed)
{
    json_begin_object(json);
    render_member_id(json, "id", vertex->id);
    if (typed)
        json_member_text(json, "operator", "");
    json_member_int64(json, "parallelism", vertex->parallelism);
    if (!typed)
        json_member_text(json, "operator", "");
    json_member_text(json, "operator_strategy", "");
    member_description(json, vertex->name);
    if (typed)
        member_no_properties(json);
    if (input)
        member_inputs(json, input, vertex, typed);
    if (!typed)
        member_no_properties(json);
    json_end_object(json);
}

/* What stands for the plan of a job without an execution graph: seen in 1.17.2 to 2.3.0. */
static void render_no_plan(struct json_writer *json, bool typed)
{
    if (typed) {
        json_member_text(json, "jid", "");
        json_member_text(json, "name", "");
        json_member_text(json, "type", "");
        json_member_array(json, "nodes");
        json_end_array(json);
    }
}

/* The vertices are one chain, each fed by the one before; Flink lists it from its end. */
static void render_chain(struct json_writer *json, const struct execution_graph *graph, bool typed)
{
    const struct graph_vertex *vertices = graph->vertices;

    render_member_id(json, "jid", graph->job);
    json_member_text(json, "name", graph->name);
    json_member_text(json, "type", "STREAMING");
    json_member_array(json, "nodes");
    for (size_t i = graph->vertex_count; i-- > 0;)
        render_node(json, &vertices[i], i > 0 ? &vertices[i - 1] : NULL, typed);
    json_end_array(json);
}

void render_plan(struct json_writer *json, const struct execution_graph *graph,
                 const struct endpoint_wire *wire)
{
    json_member_object(json, "plan");
    if (!graph->has_plan)
        render_no_plan(json, wire->typed_plan);
    else
        render_chain(json, graph, wire->typed_plan);
    json_end_object(json);
}
