//! A failed item becomes a work order, where its form says so: on the equipment of the point it was found at.

use base::problem;
use db::{BoxFuture, Result, Tx};
use formbook::{Failed, FollowHook};
use forms::Opens;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::sql;
use crate::{
    RETIRED, equipment,
    orders::{self, NewWorkOrder, Source},
    types,
};

inventory::submit! { FollowHook { opens: Opens::WorkOrder, open } }

fn open<'a>(tx: &'a mut Tx, failed: Failed) -> BoxFuture<'a, Result<Option<Uuid>>> {
    Box::pin(order(tx, failed))
}

/// Nothing when the company has no type of order in use: the failure is kept all the same.
async fn order(tx: &mut Tx, f: Failed) -> Result<Option<Uuid>> {
    let wanted = f.follow.kind.as_deref().and_then(|k| k.parse::<Uuid>().ok());
    let kinds: Vec<types::OrderType> = types::all(tx).await?.into_iter().filter(|k| k.terms.active).collect();
    let Some(kind) = kinds.iter().find(|k| Some(k.id) == wanted).or(kinds.first()) else { return Ok(None) };
    let equipment = match sql::equipment_of_record(tx, f.record).await? {
        Some(piece) => equipment::sql::of_company(tx, piece)
            .await?
            .filter(|e| e.customer_id == f.customer && e.status != "scrapped")
            .map(|e| e.id),
        None => None,
    };
    let label = one_language(&f.label);
    let title = match one_language(&f.follow.title) {
        "" => label,
        title => title,
    };
    let detail = [Some(one_language(&f.form_title).to_owned()), Some(label.to_owned()), f.remark.clone()];
    let new = NewWorkOrder {
        id: Some(named(&f)),
        type_id: kind.id,
        customer_id: f.customer,
        equipment_id: equipment,
        title: title.chars().take(80).collect(),
        detail: Some(
            detail.into_iter().flatten().collect::<Vec<_>>().join(" · ").chars().take(1000).collect(),
        ),
        priority: 2,
        skills: vec![],
        contact_name: None,
        contact_phone: None,
        from_id: None,
    };
    match orders::take(tx, new, Source::Check).await {
        Ok(row) => Ok(Some(row.id)),
        // It is there, from the same item; or its type was retired in the same moment.
        Err(p) if p.code == problem::CONFLICT => Ok(Some(named(&f))),
        Err(p) if p.code == RETIRED => Ok(None),
        Err(p) => Err(p),
    }
}

fn one_language(text: &std::collections::BTreeMap<String, String>) -> &str {
    text.get("zh-CN").or_else(|| text.values().find(|t| !t.is_empty())).map_or("", String::as_str)
}

/// The id of the order a failed item makes: always the same one.
fn named(f: &Failed) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"tashi-failed-check");
    hash.update(f.record.as_bytes());
    hash.update(f.field.as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
