use api::{
    Access, Answer, Caller, Checks, Kit, Page, PageQuery, Path, Query, Routes, Several,
    axum::{self, extract::State},
    ok, routes,
};
use base::LocalDay;
use db::Permission;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::CustomerGroup;

use super::{Verdict, Visit, VisitRow, export, read, sql};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit)
        .at(Access::May(Permission::VisitRead), routes!(list))
        .at(Access::May(Permission::VisitRead), routes!(one))
        .at(Access::May(Permission::VisitRead), routes!(export::sheet))
        .at(Access::May(Permission::VisitRead), routes!(export::text))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitQuery {
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    employee_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    department_id: Option<Uuid>,
    /// open or done.
    status: Option<String>,
    effective: Option<bool>,
    /// Of the check-in: in, out or cannot_tell; several separated by commas.
    #[param(value_type = Option<String>)]
    verdict: Option<Several<Verdict>>,
    /// Only these, separated by commas; at most 100. What else is asked holds too.
    #[param(value_type = Option<String>)]
    ids: Option<Several<Uuid>>,
    /// Of customers of a grade, with a tag or of a territory: `grade:A`, `tag:…`, `territory:<id>`; with nothing behind the colon
    /// of customers without.
    #[param(value_type = Option<String>)]
    group: Option<CustomerGroup>,
    limit: Option<i64>,
    cursor: Option<String>,
    count: Option<bool>,
}

/// Most visits chosen one by one.
const MOST_CHOSEN: usize = 100;

impl VisitQuery {
    pub(super) fn filter(&self) -> sql::Filter {
        let verdict = self.verdict.as_ref();
        sql::Filter {
            day_from: self.day_from,
            day_to: self.day_to,
            employee_id: self.employee_id,
            customer_id: self.customer_id,
            department_id: self.department_id,
            status: self.status.clone(),
            effective: self.effective,
            verdict: verdict.map(|v| v.0.iter().map(|v| v.key()).collect::<Vec<_>>().join(",")),
            id: None,
            group: self.group.clone(),
        }
    }

    /// One filter for each visit that was chosen; absent when all are asked for.
    pub(super) fn chosen(&self) -> db::Result<Option<Vec<sql::Filter>>> {
        let Some(ids) = &self.ids else { return Ok(None) };
        Checks::new().that("ids", ids.0.len() <= MOST_CHOSEN).done()?;
        Ok(Some(ids.0.iter().map(|id| sql::Filter { id: Some(*id), ..self.filter() }).collect()))
    }
}

/// Visits, newest first.
#[utoipa::path(get, path = "/visits", tag = "work", params(VisitQuery), responses((status = 200, body = Page<VisitRow>)))]
async fn list(State(kit): State<Kit>, caller: Caller, Query(q): Query<VisitQuery>) -> Answer<Page<VisitRow>> {
    let limit = PageQuery::rows(q.limit);
    let after = api::cursor_decode(&q.cursor)?;
    let (filter, chosen) = (q.filter(), q.chosen()?);
    let mut r = kit.db.read(&caller.scope).await?;
    if let Some(chosen) = chosen {
        let rows = read::chosen(&mut r, &chosen).await?;
        let total = Some(rows.len() as i64).filter(|_| q.count == Some(true));
        return ok(Page { items: rows, next_cursor: None, total });
    }
    let rows = sql::list(&mut r, &filter, after, limit + 1).await?;
    let rows = rows.into_iter().map(sql::Light::shown).collect::<db::Result<Vec<VisitRow>>>()?;
    let mut page = Page::from_rows(rows, limit, |v: &VisitRow| (v.check_in_at.0, v.id));
    if q.count == Some(true) {
        page.total = Some(sql::count(&mut r, &filter).await?);
    }
    ok(page)
}

/// One visit with fence, steps and photos. Shows where a person was, so it goes to his ledger.
#[utoipa::path(get, path = "/visits/{id}", tag = "work", params(("id" = Uuid, Path)), responses((status = 200, body = Visit), (status = 404, body = api::ProblemDocument)))]
async fn one(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Visit> {
    let visit = read::by_id(&mut kit.db.read(&caller.scope).await?, id).await?;
    if visit.row.employee.id != caller.scope.actor() {
        kit.watch.visit_shown(&caller.scope, visit.row.employee.id, visit.row.day).await?;
    }
    ok(visit)
}
