use api::{Checks, Kit};
use base::{Problem, problem};
use db::{Query, Result, Scope};
use picture::{Kind, MAX_BYTES, Unfit, inspect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    Desk, ORIGINAL, PART, UploadState,
    http::NewUpload,
    sql::{self, UploadRow},
};
use crate::{
    HASH_MISMATCH, NOT_PICTURE, NOT_SOUND, OFFSET, TOO_MANY_PIXELS, TOO_MANY_UPLOADS, photo,
    recording::{self, Container},
};

/// Most uploads one person may have begun and not finished.
const MAX_UNFINISHED: i64 = 500;

impl UploadRow {
    fn state(&self) -> UploadState {
        UploadState { id: self.id, offset: self.received, complete: self.completed_at.is_some() }
    }
}

/// Opens an upload, or answers how far it is. The id is the photo's.
pub async fn open(kit: &Kit, scope: &Scope, new: NewUpload) -> Result<UploadState> {
    let hex = new.sha256.len() == 64 && new.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    Checks::new()
        .that("size", (1..=MAX_BYTES).contains(&new.size))
        .that("sha256", hex)
        .that("mime", new.mime.len() <= 100 && (new.name.is_some() || is_known(&new.mime)))
        .that("name", new.name.as_ref().is_none_or(|n| !n.trim().is_empty() && n.chars().count() <= 200))
        .done()?;
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                let me = tx.scope().actor();
                if let Some(old) = sql::any(tx, new.id).await? {
                    let same = old.employee_id == me
                        && (old.size, &old.sha256, &old.mime, &old.name)
                            == (new.size, &new.sha256, &new.mime, &new.name);
                    return if same { Ok(old.state()) } else { Err(Problem::new(problem::CONFLICT)) };
                }
                photo::check_record(tx, new.id, me, &new.sha256).await?;
                recording::check_record(tx, new.id, me, &new.sha256).await?;
                if sql::unfinished(tx).await? >= MAX_UNFINISHED {
                    return Err(Problem::new(TOO_MANY_UPLOADS).retry_after(60));
                }
                let person = org::person(tx, me).await?;
                let name = new.name.as_deref();
                sql::insert(tx, new.id, person.department_id, new.size, &new.sha256, &new.mime, name).await?;
                Ok(UploadState { id: new.id, offset: 0, complete: false })
            })
        })
        .await
}

/// How far one of the acting person's uploads is.
pub async fn state(kit: &Kit, scope: &Scope, id: Uuid) -> Result<UploadState> {
    Ok(sql::mine(&mut kit.db.read(scope).await?, id).await?.state())
}

/// Takes the next piece. The piece is durable when this answers. The last one completes the file.
pub async fn append(
    kit: &Kit,
    scope: &Scope,
    desk: &Desk,
    id: Uuid,
    offset: i64,
    piece: Vec<u8>,
) -> Result<UploadState> {
    let _turn = desk.turn(id).await;
    let row = sql::mine(&mut kit.db.read(scope).await?, id).await?;
    if offset != row.received {
        return Err(Problem::new(OFFSET).with("offset", row.received));
    }
    let end = offset + piece.len() as i64;
    if end > row.size {
        return Err(
            Problem::new(problem::INVALID).with("reason", "超出声明的大小 / more bytes than declared")
        );
    }
    if row.completed_at.is_some() {
        return Ok(row.state());
    }
    let tenant = scope.tenant();
    if !piece.is_empty() {
        kit.files.append(tenant, id, PART, offset as u64, piece).await?;
        kit.db.write(scope, move |tx| Box::pin(async move { sql::set_received(tx, id, end).await })).await?;
    }
    if end < row.size {
        return Ok(UploadState { id, offset: end, complete: false });
    }
    complete(kit, scope, row).await
}

/// Checks the whole file and keeps it: a photo as the original, what has a name as a file of the book of forms.
async fn complete(kit: &Kit, scope: &Scope, row: UploadRow) -> Result<UploadState> {
    let (tenant, id, size, name) = (scope.tenant(), row.id, row.size, row.name.clone());
    let bytes = kit.files.get(tenant, id, PART).await?.unwrap_or_default();
    let (bytes, checked) = tokio::task::spawn_blocking(move || {
        let checked =
            if row.name.is_some() { whole(&bytes, &row).map(|()| None) } else { check(&bytes, &row) };
        (bytes, checked)
    })
    .await
    .map_err(Problem::internal)?;
    let named = name.is_some();
    let taken = match (checked, name) {
        (Err(problem), _) => Err(problem),
        (Ok(pixels), None) => kit.files.put(tenant, id, ORIGINAL, bytes).await.map(|()| pixels),
        (Ok(_), Some(name)) => formbook::files::keep(kit, scope, Some(id), &name, bytes).await.map(|_| None),
    };
    let pixels = match taken {
        Ok(pixels) => pixels,
        // The store may be back in a moment, and the day over in which no more is taken.
        Err(problem) if problem.code.status >= 429 => return Err(problem),
        Err(problem) => {
            let again = problem.code == HASH_MISMATCH;
            kit.db
                .write(scope, move |tx| {
                    Box::pin(async move {
                        if again { sql::set_received(tx, id, 0).await } else { sql::delete(tx, id).await }
                    })
                })
                .await?;
            kit.files.delete(tenant, id, PART).await?;
            return Err(problem);
        }
    };
    kit.db
        .write(scope, move |tx| {
            Box::pin(async move {
                sql::set_complete(tx, id, pixels).await?;
                if named { Ok(()) } else { crate::link(tx, id).await }
            })
        })
        .await?;
    kit.files.delete(tenant, id, PART).await?;
    Ok(UploadState { id, offset: size, complete: true })
}

/// A photo or a recording, by what it is declared as.
fn is_known(mime: &str) -> bool {
    Kind::from_mime(mime).is_some() || Container::from_mime(mime).is_some()
}

fn whole(bytes: &[u8], row: &UploadRow) -> Result<()> {
    let same = bytes.len() as i64 == row.size && hex::encode(Sha256::digest(bytes)) == row.sha256;
    if same { Ok(()) } else { Err(Problem::new(HASH_MISMATCH)) }
}

/// Width and height of a picture; nothing of a recording.
fn check(bytes: &[u8], row: &UploadRow) -> Result<Option<(u32, u32)>> {
    whole(bytes, row)?;
    if let Some(declared) = Container::from_mime(&row.mime) {
        let same = recording::sniff(bytes) == Some(declared);
        return if same { Ok(None) } else { Err(Problem::new(NOT_SOUND)) };
    }
    match inspect(bytes) {
        Ok(header) if header.kind.mime() == row.mime => Ok(Some((header.width, header.height))),
        Ok(_) | Err(Unfit::NoPicture | Unfit::Broken) => Err(Problem::new(NOT_PICTURE)),
        Err(Unfit::TooManyPixels) => Err(Problem::new(TOO_MANY_PIXELS)),
    }
}
