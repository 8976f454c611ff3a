//! Somebody more for work that is given already: he gets a task of his own, with the same steps, in his own day.

use api::Kit;
use base::{Problem, id, problem};
use db::{Result, Scope, Tx};
use serde_json::json;
use uuid::Uuid;

use super::{MOST, crew, sql as crew_sql, tell_mates};
use crate::{
    CREW_FULL, CREW_HAS, NOT_OPEN,
    model::Window,
    tasks::{
        Task, by_id,
        give::{Given, give},
        http::{NewHelper, NewTask},
        is_open, service, sql,
    },
};

/// Sends somebody more to a task that has not ended. The same id again answers as before.
///
/// # Errors
/// `task.not_open` when it has ended or its day is over; `task.crew_has` when he goes already; `task.crew_full`.
pub async fn help(kit: &Kit, scope: &Scope, task: Uuid, helper: NewHelper) -> Result<Task> {
    let made = helper.id.unwrap_or_else(id::new_v7);
    let mut r = kit.db.read(scope).await?;
    let first = sql::one(&mut r, task).await?;
    if let Ok(known) = sql::one(&mut r, made).await {
        let same = known.employee_id == helper.employee_id && known.customer_id == first.customer_id;
        return if same && known.crew_id.is_some() && known.crew_id == first.crew_id {
            by_id(&mut r, made, kit.now()).await
        } else {
            Err(Problem::new(problem::CONFLICT))
        };
    }
    let today = kit.now().local_day(&org::zone(&mut r).await?);
    if !is_open(first.kept()) || first.day < today {
        return Err(Problem::new(NOT_OPEN));
    }
    let person = org::person(&mut r, helper.employee_id).await?;
    let goes = match first.crew_id {
        Some(id) => crew(&mut r, id).await?,
        None => Default::default(),
    };
    drop(r);
    if person.id == first.employee_id || goes.holds(person.id) {
        return Err(Problem::new(CREW_HAS).with("name", &person.name));
    }
    if goes.beside(first.employee_id).count() >= MOST {
        return Err(Problem::new(CREW_FULL).with("most", MOST));
    }
    let new = NewTask {
        id: Some(made),
        employee_id: person.id,
        with: vec![],
        customer_id: first.customer_id,
        day: first.day,
        window: Window::new(first.from_minute, first.to_minute),
        template_id: None,
        steps: None,
        note: first.note.clone(),
        skills: vec![],
        title: None,
        custom: Default::default(),
    };
    let given = Given {
        crew: Some(first.crew_id.unwrap_or(first.id)),
        answers_of: Some(first.id),
        like: Some(first),
    };
    give(kit, scope, new, given, true).await
}

/// In the transaction that stores the helper's task: the first belongs to the crew from now on.
///
/// # Errors
/// `task.not_open` when it has ended meanwhile.
pub(crate) async fn joined(tx: &mut Tx, first: &sql::TaskRow, crew: Uuid, helper: &str) -> Result<()> {
    let now = sql::one(tx, first.id).await?;
    if now.crew_id.is_none() && !crew_sql::begin(tx, first.id).await? {
        return Err(Problem::new(NOT_OPEN));
    }
    let told = json!({ "customer": first.customer_name, "day": first.day, "with": helper });
    tx.audit("task.help", "task", first.id, told).await?;
    service::emit(tx, first.id).await?;
    let row = sql::TaskRow { crew_id: Some(crew), ..now };
    tell_mates(tx, &row).await
}
