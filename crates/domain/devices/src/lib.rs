//! Phones by their keys.
//!
//! Nouns: DeviceKey (the key of one installation of the phone app, enrolled for one person; it cannot leave that phone), Seal (a
//! signed statement about a few records, in a chain: [`proof::seal`]), Mark (what a record's seal says of it).
//!
//! Passkey (a key behind the lock of the person's own device: who held the phone, [`passkeys`]).
//!
//! Invariants
//! * No record is lost because of a key: what does not hold is noted, never refused here. A company may block
//!   (`truth::CompanyRules`).
//! * A person's first phone is accepted at once; a further one waits until somebody else has decided. A record stands as its
//!   phone stood when it recorded, or better.
//! * A seal that comes after its record still counts.
//! * Seals are kept as the exact text that was signed, append-only. The same seal again changes nothing.
//! * A seal holds ids and hashes, never a record. One that seals no record of a visit goes when positions of its time go
//!   ([`retention`]).
//!
//! Events: notices `device.waiting` to those responsible and `device.decided` to the person.

mod enrol;
mod erase;
mod http;
mod model;
pub mod passkeys;
pub mod retention;
mod seals;
mod sql;
mod visits;

pub use enrol::decide;
pub use erase::erase;
pub use http::{key, routes};
pub use model::{DeviceKey, DeviceStatus, KeyAnswer};
pub use seals::{Chain, Late, Mark, Seal, State, Taken, heal, note, take, texts};
pub use sql::visits_of;
pub use visits::{Phone, VisitSeals, of_visit};

base::problems! {
    /// The public key is not a point on P-256, or belongs to somebody else's enrolment.
    BAD_KEY = 422 "device.bad_key",
        zh "手机密钥无法识别" / "请重新打开应用再试；若仍不行，请更新浏览器。",
        en "The phone's key cannot be read" / "Open the app again; if that does not help, update the browser.";
    /// More keys of one person than anybody has phones.
    TOO_MANY = 429 "device.too_many",
        zh "登记的手机太多" / "请先在“我的设备”里停用不再使用的手机，或请主管在“真实 → 手机”里拒绝旧手机。",
        en "Too many phones" / "Give up old phones under My devices, or have your manager refuse them under Truth → Phones.";
    /// It was made for another page or word, nobody was verified, or it is no ES256 key.
    BAD_PASSKEY = 422 "passkey.bad",
        zh "通行密钥无法登记" / "请在本机重新操作；手机需设置锁屏密码、指纹或面容。",
        en "The passkey cannot be kept" / "Try again on this phone; it needs a screen lock, fingerprint or face.";
    TOO_MANY_PASSKEYS = 429 "passkey.too_many",
        zh "通行密钥太多" / "请先作废不再使用的通行密钥。",
        en "Too many passkeys" / "Withdraw those that are no longer used first.";
    /// Nobody approves his own phone, except who answers for the whole company.
    NOT_IMPARTIAL = 403 "device.not_impartial",
        zh "不能批准自己的手机" / "请让另一位有权限的人来决定。",
        en "Not your own phone" / "Somebody else with the right to has to decide.";
}
