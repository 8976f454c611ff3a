use api::{
    Access, Answer, Caller, Kit, Page, Path, Routes,
    axum::{self, extract::State},
    ok, routes,
};
use db::Permission;
use org::Ref;
use uuid::Uuid;

use super::{MatchedPhoto, PhotoMatch, sql};

pub(crate) fn routes(kit: &Kit) -> Routes {
    Routes::new(kit).at(Access::May(Permission::VisitRead), routes!(of_visit))
}

/// Earlier photos that the photos of a visit are like.
#[utoipa::path(get, path = "/visits/{id}/photo-matches", tag = "evidence", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<PhotoMatch>)))]
async fn of_visit(State(kit): State<Kit>, caller: Caller, Path(id): Path<Uuid>) -> Answer<Page<PhotoMatch>> {
    let rows = sql::of_visit(&mut kit.db.read(&caller.scope).await?, id).await?;
    let items = rows.into_iter().map(|r| PhotoMatch {
        photo_id: r.photo_id,
        other: other(&r),
        how: r.how,
        difference: r.difference,
    });
    ok(Page { items: items.collect(), next_cursor: None, total: None })
}

fn other(r: &sql::MatchRow) -> Option<MatchedPhoto> {
    let id = r.other_id?;
    Some(MatchedPhoto {
        id,
        visit_id: r.other_visit?,
        employee: Ref { id: r.employee_id?, name: r.employee_name.clone()? },
        customer: Ref { id: r.customer_id?, name: r.customer_name.clone()? },
        taken_at: r.taken_at?,
        thumb_url: format!("/api/v1/photos/{id}/thumb"),
    })
}
