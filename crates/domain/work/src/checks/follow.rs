//! A failed item becomes a task.

use base::{LocalDay, id};
use db::{BoxFuture, Result, Tx};
use formbook::{Failed, FollowHook};
use forms::{Opens, Whom};
use org::Person;
use serde_json::json;
use uuid::Uuid;

use super::sql;
use crate::{
    model::Window,
    plans::actor_name,
    tasks::{self, sql::NewRow},
};

/// Hours of a day on which nobody works, in minutes: a task has a window all the same.
const USUAL_DAY: (i32, i32) = (9 * 60, 18 * 60);

inventory::submit! { FollowHook { opens: Opens::Task, open } }

fn open<'a>(tx: &'a mut Tx, failed: Failed) -> BoxFuture<'a, Result<Option<Uuid>>> {
    Box::pin(make(tx, failed))
}

/// Makes the task; nobody moves it into a plan: it waits on its day, on the phone and on the board.
async fn make(tx: &mut Tx, f: Failed) -> Result<Option<Uuid>> {
    let customer = customers::customer_of_company(tx, f.customer).await?;
    let Some(person) = who(tx, &f, customer.owner.map(|o| o.id)).await? else { return Ok(None) };
    let zone = org::zone(tx).await?;
    let today = tx.now().local_day(&zone);
    let due = f.day.plus_days(i32::try_from(f.follow.days).unwrap_or(0));
    let day: LocalDay = due.max(today);
    let shifts = org::duty_minutes(tx, person.id, day).await?;
    let (from, to) = match (shifts.first(), shifts.last()) {
        (Some(first), Some(last)) => (first.0, last.1),
        _ => USUAL_DAY,
    };
    let window = Window { from_minute: from, to_minute: to };
    let label = one_language(&f.label);
    let title = match one_language(&f.follow.title) {
        "" => format!("整改：{label}"),
        title => title.to_owned(),
    };
    let title: String = title.chars().take(80).collect();
    let note = f.remark.as_ref().map(|r| format!("{label}：{r}").chars().take(500).collect::<String>());
    let task = id::new_v7();
    let new = NewRow {
        id: task,
        plan_id: None,
        employee_id: person.id,
        department_id: person.department_id,
        customer_id: f.customer,
        template_id: None,
        day,
        seq: 0,
        window,
        due_at: window.end(day, &zone),
        title: &title,
        note: note.as_deref(),
        steps: "[]",
        skills: "[]",
        min_stay_s: 0,
        service_s: None,
        eta: None,
        crew_id: None,
        content_sha256: "",
    };
    tasks::sql::insert(tx, new).await?;
    let told = json!({
        "employee": person.name, "customer": customer.name, "day": day, "record": f.record, "item": f.field,
    });
    tx.audit("task.follow_up", "task", task, told).await?;
    if let Some(row) = tasks::sql::any(tx, task).await? {
        tasks::emit_row(tx, &row).await?;
    }
    if person.id != tx.scope_actor() {
        let params =
            json!({ "day": day, "by": actor_name(tx).await?, "customer": customer.name, "item": label });
        let link = Some(format!("/tasks?task={task}&from={day}&to={day}"));
        let notice = notify::New { kind: "task.follow_up", params, link };
        notify::send(tx, person.id, person.department_id, notice).await?;
    }
    Ok(Some(task))
}

fn one_language(text: &std::collections::BTreeMap<String, String>) -> &str {
    text.get("zh-CN").or_else(|| text.values().find(|t| !t.is_empty())).map_or("", String::as_str)
}

/// Whom the rule names, if he works here; else whoever filled the form in, if he still does.
async fn who(tx: &mut Tx, f: &Failed, owner: Option<Uuid>) -> Result<Option<Person>> {
    let named = match f.follow.who {
        Whom::Owner => owner,
        Whom::Author => Some(f.author),
        Whom::Head => sql::head_of(tx, f.author).await?,
        Whom::Named => f.follow.person.as_deref().and_then(|p| p.parse().ok()),
    };
    let wanted: Vec<Uuid> = named.into_iter().chain([f.author]).collect();
    let found = org::by_ids(tx, &wanted).await?;
    let active = |id: &Uuid| found.iter().find(|p| p.id == *id && p.status == "active").cloned();
    Ok(wanted.iter().find_map(active))
}
