//! Photos and recordings as proof.
//!
//! Nouns: Upload (bytes on their way from a phone, in pieces), Photo (bytes and record together), Recording (sound of a visit, likewise), Stamp (who,
//! when, where and the code of the original, drawn into a copy).
//!
//! Invariants
//! * A piece is durable before its offset is answered; a file counts only after its SHA-256 was checked.
//! * The original's bytes are never changed. Stamped copy and thumbnail are made from it and can be made again.
//! * Nothing is decoded in a request: types and sizes are read from headers, pictures are developed one at a time
//!   in the [`Darkroom`], within limits of memory.
//! * A photo is kept by its likeness too; what it resembles in earlier visits is noted, never judged here.
//! * Bytes and record of a photo come in any order; [`link`] joins them when both are here.
//! * An upload with a name is no photo: its bytes go to the book of forms as a file of an answer.
//! * A row never names a file that is not durable.
//! * A recording leaves the server only to be played, by whoever holds `audio.play` or made it; his ledger says so first.
//!
//! Events: none of its own; `visit` when a photo of it has arrived.

mod alike;
mod darkroom;
mod gallery;
pub mod loose;
mod photo;
mod recording;
mod upload;

pub use alike::{Alike, alike, alike_examined, newly_alike};
pub use darkroom::Darkroom;
pub use photo::{delete_files, erase};

use std::sync::Arc;

use api::{Kit, Routes, axum::Extension};
use db::{Result, Tx};
use uuid::Uuid;

/// All routes of this floor, and the darkroom's worker behind them, which first makes what a stop left unmade.
pub fn routes(kit: &Kit) -> (Routes, Arc<Darkroom>) {
    let darkroom = Darkroom::open(kit);
    let desk = Arc::new(upload::Desk::default());
    let routes = Routes::new(kit)
        .merge(upload::routes(kit))
        .merge(photo::routes(kit))
        .merge(recording::routes(kit))
        .merge(gallery::routes(kit))
        .map(|r| r.layer(Extension(desk)).layer(Extension(darkroom.clone())));
    (routes, darkroom)
}

/// Joins bytes and record of a photo or recording when both are here. Called by whichever comes second, in its transaction.
///
/// # Errors
/// `sync.conflict` when they do not belong together: another person's, or another file.
pub async fn link(tx: &mut Tx, id: Uuid) -> Result<()> {
    photo::link(tx, id).await?;
    recording::link(tx, id).await
}

base::problems! {
    /// A piece does not begin where the file ends.
    OFFSET = 409 "upload.offset",
        zh "上传位置不一致" / "服务器已收到 {offset} 字节，请从这里继续。",
        en "Wrong offset" / "The server holds {offset} bytes; go on from there.";
    /// The whole file has another hash than promised; it begins anew.
    HASH_MISMATCH = 422 "upload.hash_mismatch",
        zh "文件校验失败" / "收到的内容与原图不一致，已清空，请从头重新上传。",
        en "Checksum mismatch" / "What arrived is not the original; it was dropped, please send it again from the start.";
    NOT_PICTURE = 422 "upload.not_picture",
        zh "不是支持的图片" / "只接收 JPEG、PNG、WebP 图片，且类型要与声明一致。",
        en "Not a supported picture" / "Only JPEG, PNG and WebP are taken, and the type must be the one declared.";
    /// What a phone calls a recording is none, or another kind than declared.
    NOT_SOUND = 422 "upload.not_sound",
        zh "不是支持的录音" / "只接收 WebM、Ogg、MP4 录音，不能带画面，且类型要与声明一致。",
        en "Not a supported recording" / "Only WebM, Ogg and MP4 recordings without pictures are taken, and the type must be the one declared.";
    TOO_MANY_PIXELS = 422 "upload.too_many_pixels",
        zh "图片尺寸过大" / "图片不能超过 4000 万像素，请降低分辨率后重拍。",
        en "Picture too large" / "A picture may have at most 40 million pixels; take it at a lower resolution.";
    /// More unfinished uploads than one person can have.
    TOO_MANY_UPLOADS = 429 "upload.too_many",
        zh "未完成的上传太多" / "请等前面的照片传完再继续。",
        en "Too many unfinished uploads" / "Let the earlier photos finish first.";
    /// The original is kept, but no copy can be made of it.
    UNREADABLE = 422 "photo.unreadable",
        zh "图片无法显示" / "原图已原样保存，但内容不完整，无法生成预览。",
        en "Picture cannot be shown" / "The original is kept as it came, but it is damaged and no copy can be made.";
}
