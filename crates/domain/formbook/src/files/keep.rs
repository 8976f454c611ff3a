//! Taking a file: judged by its bytes, durable before a row names it, once.

use api::Kit;
use base::{Micros, Problem, id, problem};
use db::{LogEntry, Result, Scope};
use picture::document::{self, Refused};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{FormFile, RefuseHook, STORED, sql};
use crate::{FILE_KIND, FILE_PIXELS, FILES_MANY};

/// Files looked at side by side: each may be 20 MiB.
static LOOKING: Semaphore = Semaphore::const_new(2);
/// Most a person sends in a day.
const MOST_A_DAY: i64 = 1 << 30;

/// Keeps a file of the acting person; the same id with the same bytes answers as before. A picture loses what a camera
/// wrote into it: such a camera writes down where it stood, also outside working time.
///
/// # Errors
/// `form.file_kind`, `form.file_pixels`, `form.files_many`; `sync.conflict` for an id that is another file's.
pub async fn keep(kit: &Kit, scope: &Scope, id: Option<Uuid>, name: &str, sent: Vec<u8>) -> Result<FormFile> {
    let id = id.unwrap_or_else(id::new_v7);
    let sent_sha256 = hex::encode(Sha256::digest(&sent));
    let mut r = kit.db.read(scope).await?;
    if let Some(known) = sql::any(&mut r, id).await? {
        let same = known.employee_id == scope.actor() && known.sent_sha256 == sent_sha256;
        return if same { Ok(known.shown()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    for hook in inventory::iter::<RefuseHook> {
        (hook.0)(&mut r, id).await?;
    }
    if sql::sent_since(&mut r, kit.now().plus(-Micros::DAY)).await? + sent.len() as i64 > MOST_A_DAY {
        return Err(Problem::new(FILES_MANY).retry_after(3600));
    }
    drop(r);
    let called = name.to_owned();
    let turn = LOOKING.acquire().await.map_err(Problem::internal)?;
    let judged = tokio::task::spawn_blocking(move || document::judge(sent, &called));
    let fit = judged.await.map_err(Problem::internal)?.map_err(|why| match why {
        Refused::Kind => Problem::new(FILE_KIND),
        Refused::Pixels => Problem::new(FILE_PIXELS),
    })?;
    drop(turn);
    let file = FormFile {
        id,
        name: document::name(name, fit.ending),
        mime: fit.mime.to_owned(),
        size: fit.bytes.len() as i64,
        sha256: hex::encode(Sha256::digest(&fit.bytes)),
        width: fit.pixels.map(|p| i64::from(p.0)),
        height: fit.pixels.map(|p| i64::from(p.1)),
    };
    kit.files.put(scope.tenant(), id, STORED, fit.bytes).await?;
    let stored = file.clone();
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                let me = tx.scope_actor();
                let department = org::person(tx, me).await?.department_id;
                let new = sql::NewFile { file: &stored, sent_sha256: &sent_sha256, department };
                if !sql::insert(tx, &new).await? {
                    let known = sql::any(tx, id).await?;
                    let same = known.is_some_and(|k| k.employee_id == me && k.sent_sha256 == sent_sha256);
                    return if same { Ok(()) } else { Err(Problem::new(problem::CONFLICT)) };
                }
                tx.log(LogEntry {
                    kind: "form.file".into(),
                    subject: id,
                    employee: me,
                    department,
                    record: json!({ "name": stored.name, "mime": stored.mime, "size": stored.size, "sent_sha256": sent_sha256 }),
                    files: vec![(id, stored.sha256)],
                });
                Ok(())
            })
        })
        .await?;
    Ok(file)
}
