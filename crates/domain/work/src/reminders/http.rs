use api::{
    Access, Answer, Caller, IfMatch, Json, Kit, Routes,
    axum::{self, Extension, extract::State},
    ok, routes,
};
use base::{Problem, problem};
use db::Permission;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Reminders, TaskReminderRule, sql};

pub(crate) fn routes(kit: &Kit, reminders: &Reminders) -> Routes {
    let reminders = reminders.clone();
    Routes::new(kit)
        .at(Access::May(Permission::TaskRead), routes!(read))
        .at(Access::May(Permission::CompanyWrite), routes!(write))
        .map(|r| r.layer(Extension(reminders)))
}

/// The company's rule with its version, 0 while it was never changed.
#[derive(Serialize, ToSchema)]
struct KeptTaskReminderRule {
    #[serde(flatten)]
    rule: TaskReminderRule,
    version: i64,
}

/// When people are reminded of visits that are due.
#[utoipa::path(get, path = "/task-reminders", tag = "work", responses((status = 200, body = KeptTaskReminderRule)))]
async fn read(State(kit): State<Kit>, caller: Caller) -> Answer<KeptTaskReminderRule> {
    let (rule, version) = super::rule(&mut kit.db.read(&caller.scope).await?).await?;
    ok(KeptTaskReminderRule { rule, version })
}

/// Says when people are reminded.
#[utoipa::path(put, path = "/task-reminders", tag = "work", request_body = TaskReminderRule, params(("If-Match" = String, Header)),
    responses((status = 200, body = KeptTaskReminderRule), (status = 409, body = api::ProblemDocument), (status = 422, body = api::ProblemDocument)))]
async fn write(
    State(kit): State<Kit>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(rule): Json<TaskReminderRule>,
) -> Answer<KeptTaskReminderRule> {
    rule.check()?;
    let tenant = caller.scope.tenant();
    kit.db
        .write(&caller.scope, move |tx| {
            Box::pin(async move {
                let (_, now) = super::rule(tx).await?;
                if now != version || !sql::set_rule(tx, rule, version).await? {
                    return Err(Problem::new(problem::VERSION));
                }
                tx.audit("task.reminders", "company", tenant, json!(rule)).await
            })
        })
        .await?;
    ok(KeptTaskReminderRule { rule, version: version + 1 })
}
