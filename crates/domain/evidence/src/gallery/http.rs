use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use api::{
    Access, Answer, Caller, Checks, Kit, Page, PageQuery, Query, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use base::{LocalDay, Problem};
use db::{Permission, Reader, Result};
use forms::FormSpec;
use org::Ref;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    GalleryForm, GalleryPhoto, field_of,
    sql::{self, Filter, PictureRow},
};

/// Most pictures looked through for those of one question, for one page.
const MOST_LOOKED: i64 = 2000;

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::VisitRead), routes!(list))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct GalleryQuery {
    customer_id: Option<Uuid>,
    employee_id: Option<Uuid>,
    department_id: Option<Uuid>,
    form_id: Option<Uuid>,
    /// Key of a question of the form: `front`, or `rows.pic` in a table.
    field: Option<String>,
    #[param(value_type = Option<String>, format = Date)]
    day_from: Option<LocalDay>,
    #[param(value_type = Option<String>, format = Date)]
    day_to: Option<LocalDay>,
    limit: Option<i64>,
    cursor: Option<String>,
}

/// Pictures of visits and forms in reach, newest first. Their stamps show where people were, so it goes to their ledgers.
#[utoipa::path(get, path = "/gallery", tag = "evidence", params(GalleryQuery), responses((status = 200, body = Page<GalleryPhoto>), (status = 422, body = api::ProblemDocument)))]
async fn list(
    State(kit): State<Kit>,
    caller: Caller,
    Query(q): Query<GalleryQuery>,
) -> Answer<Page<GalleryPhoto>> {
    Checks::new()
        .that("field", q.field.as_ref().is_none_or(|f| q.form_id.is_some() && f.len() <= 81))
        .done()?;
    let limit = PageQuery::rows(q.limit);
    let mut after: Option<(i64, Uuid)> = api::cursor_decode(&q.cursor)?;
    let filter = Filter {
        customer_id: q.customer_id,
        employee_id: q.employee_id,
        department_id: q.department_id,
        form_id: q.form_id,
        day_from: q.day_from,
        day_to: q.day_to,
    };
    let mut r = kit.db.read(&caller.scope).await?;
    let mut specs = HashMap::new();
    let (mut found, mut looked, mut more) = (vec![], 0, true);
    // Which question a picture answers only the answers say: those of others are passed over.
    while more && (found.len() as i64) < limit && looked < MOST_LOOKED {
        let rows = sql::list(&mut r, &filter, after, limit + 1).await?;
        more = rows.len() as i64 > limit;
        for row in rows.into_iter().take(limit as usize) {
            if found.len() as i64 == limit {
                more = true;
                break;
            }
            after = Some((row.taken_at.0, row.id));
            looked += 1;
            let shown = shown(&mut r, &mut specs, row).await?;
            let key = shown.form.as_ref().and_then(|f| f.field.as_ref());
            if q.field.is_none() || key == q.field.as_ref() {
                found.push(shown);
            }
        }
    }
    drop(r);
    let me = caller.scope.actor();
    let people: BTreeSet<Uuid> = found.iter().map(|p| p.employee.id).filter(|id| *id != me).collect();
    if !people.is_empty() {
        kit.watch.positions_shown(&caller.scope, people.into_iter().collect()).await?;
    }
    let next_cursor = after.filter(|_| more).map(|key| api::cursor_encode(&key));
    ok(Page { items: found, next_cursor, total: None })
}

async fn shown(
    r: &mut Reader,
    specs: &mut HashMap<(Uuid, i64), FormSpec>,
    row: PictureRow,
) -> Result<GalleryPhoto> {
    let form = match (row.record_id, row.form_id, row.number, row.answers, row.form_title) {
        (Some(record_id), Some(id), Some(number), Some(answers), Some(title)) => {
            if let Entry::Vacant(free) = specs.entry((id, number)) {
                free.insert(formbook::spec_of(r, id, number).await?.0);
            }
            let answers: Map<String, Value> = serde_json::from_str(&answers).map_err(Problem::internal)?;
            let at = specs.get(&(id, number)).and_then(|spec| field_of(spec, &answers, &row.id.to_string()));
            Some(GalleryForm {
                id,
                record_id,
                title: serde_json::from_str(&title).map_err(Problem::internal)?,
                label: at.as_ref().map(|(_, field)| field.label.clone()),
                field: at.map(|(key, _)| key),
            })
        }
        _ => None,
    };
    Ok(GalleryPhoto {
        id: row.id,
        employee: Ref { id: row.employee_id, name: row.employee_name },
        customer: row.customer_id.zip(row.customer_name).map(|(id, name)| Ref { id, name }),
        visit_id: row.visit_id,
        day: row.day,
        taken_at: row.taken_at,
        form,
        live: row.live,
    })
}
