//! The prints of each company's newest photos, in memory: 704 bytes a photo.

use std::{collections::HashMap, sync::Arc};

use db::{Database, LogEntry, Result, Scope, Tx};
use parking_lot::Mutex;
use serde_json::json;
use uuid::Uuid;

use super::sql::{self, Found};
use crate::{photo::sql::Known, picture::likeness::Prints};

/// Photos of a company that are looked through: 35 MB.
const NEWEST: i64 = 50_000;
/// Most matches noted of one photo.
const MATCHES: usize = 10;

struct Kept {
    photo: Uuid,
    visit: Uuid,
    prints: Prints,
}

type Pages = Arc<tokio::sync::Mutex<Option<Vec<Kept>>>>;

/// Albums by company; one is read from the store when first needed.
#[derive(Default)]
pub(crate) struct Album {
    companies: Mutex<HashMap<Uuid, Pages>>,
}

impl Album {
    /// Looks for earlier photos like this one and puts it into the album. What was found is to be stored by [`store`].
    pub async fn look(
        &self,
        db: &Database,
        scope: &Scope,
        photo: &Known,
        prints: &Prints,
    ) -> Result<Vec<Found>> {
        let pages = self.companies.lock().entry(scope.tenant()).or_default().clone();
        let mut pages = pages.lock().await;
        if pages.is_none() {
            let rows = sql::newest(&mut db.read(scope).await?, NEWEST).await?;
            let kept = |r: sql::PrintRow| {
                Some(Kept { photo: r.photo_id, visit: r.visit_id, prints: Prints::from_bytes(&r.prints)? })
            };
            *pages = Some(rows.into_iter().filter_map(kept).collect());
        }
        let kept = pages.get_or_insert_default();
        let mut found = sql::same_file(&mut db.read(scope).await?, photo).await?;
        // Pictures of one visit are taken at one place within minutes; that they are alike says nothing.
        let others = kept.iter().filter(|k| k.visit != photo.visit_id && k.photo != photo.id);
        let mut alike: Vec<Found> = others
            .filter(|k| found.iter().all(|f| f.other != k.photo))
            .filter_map(|k| {
                prints.alike(&k.prints).map(|(how, d)| Found {
                    other: k.photo,
                    how: how.key(),
                    difference: d,
                })
            })
            .collect();
        alike.sort_by_key(|f| f.difference);
        found.extend(alike);
        found.truncate(MATCHES);
        if kept.iter().all(|k| k.photo != photo.id) {
            kept.push(Kept { photo: photo.id, visit: photo.visit_id, prints: prints.clone() });
        }
        Ok(found)
    }
}

/// Stores a photo's prints and what it is like, and logs the latter.
pub(crate) async fn store(tx: &mut Tx, photo: &Known, prints: &Prints, found: &[Found]) -> Result<()> {
    sql::insert_prints(tx, photo, &prints.to_bytes()).await?;
    for match_ in found {
        sql::insert_match(tx, photo.id, match_).await?;
    }
    if !found.is_empty() {
        let others: Vec<_> = found
            .iter()
            .map(|f| json!({ "other": f.other, "how": f.how, "difference": f.difference }))
            .collect();
        tx.log(LogEntry {
            kind: "photo.match".into(),
            subject: photo.visit_id,
            employee: photo.employee_id,
            department: photo.department_id,
            record: json!({ "photo": photo.id, "like": others }),
            files: vec![],
        });
    }
    Ok(())
}
