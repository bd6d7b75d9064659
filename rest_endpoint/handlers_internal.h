#ifndef FRESHCHECK_REST_ENDPOINT_HANDLERS_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_HANDLERS_INTERNAL_H

#include "rest_endpoint/endpoint_internal.h"

/* What handle_answer() chooses from, by route and outcome. */

#define REST_HANDLER_EXCEPTION "org.apache.flink.runtime.rest.handler.RestHandlerException"
#define JOB_NOT_FOUND_EXCEPTION "org.apache.flink.runtime.messages.FlinkJobNotFoundException"

/* One request and the answer that it gets. */
struct asking {
    struct endpoint *endpoint;
    struct answer *answer;
    const struct route *route;
    const struct moment *moment;
};

/* A reply of these bytes; empties them. */
struct reply reply_text(const struct asking *asking, int status, struct buffer *bytes);

/* A reply with the one body that all get who ask for this. */
struct reply reply_from(const struct asking *asking, struct body_list *bodies,
                        const struct body_source *source);

/* Answers of the gateway that no cache holds. */
struct reply handle_job_list(const struct asking *asking);
struct reply handle_trigger(const struct asking *asking);
struct reply handle_operation_status(const struct asking *asking);
struct reply handle_job_status(const struct asking *asking);
struct reply handle_cancelled_job(const struct asking *asking);
struct reply handle_run(const struct asking *asking);
struct reply handle_task_managers(const struct asking *asking);
struct reply handle_task_manager(const struct asking *asking);
struct reply handle_applications(const struct asking *asking);
struct reply handle_application(const struct asking *asking);

/* Calls that failed. */
struct reply handle_failure(const struct asking *asking);
struct reply handle_status_failure(const struct asking *asking);
struct reply handle_job_status_failure(const struct asking *asking);
struct reply handle_cancel_failure(const struct asking *asking);
struct reply handle_run_failure(const struct asking *asking);

#endif
