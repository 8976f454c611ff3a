//! Stock ODK Collect: it lists a company's forms, downloads them, and sends what was filled in without a network.
//!
//! The words are those of OpenRosa: [form list](https://docs.getodk.org/openrosa-form-list/),
//! [submission](https://docs.getodk.org/openrosa-form-submission/), [requests](https://docs.getodk.org/openrosa-http/).
//!
//! Invariants
//! * A submission is one record, known by its instance id, however often and in however many pieces it is sent.
//! * Answers are judged by the version the submission names. What does not hold is refused with the reason, so that
//!   Collect keeps it; nothing is half kept.
//! * Only forms marked for it, and only people who work in the field. Places outside working time are not kept.

mod answer;
mod forms;
mod setup;
mod submit;

use std::sync::Arc;

use api::{
    Access, Kit, Routes,
    axum::{self, Extension, extract::DefaultBodyLimit},
    routes,
};
use db::Permission;
use evidence::Darkroom;

/// Most bytes of one request: Collect parts what is larger.
pub(crate) const MOST_BYTES: usize = 24 << 20;

/// Routes under `/api/v1`. Those of Collect are open to anybody and ask for login and password themselves.
pub fn routes(kit: &Kit, darkroom: &Arc<Darkroom>) -> Routes {
    let darkroom = darkroom.clone();
    Routes::new(kit)
        .at(Access::Public, routes!(forms::list))
        .at(Access::Public, routes!(forms::form))
        .at(Access::Public, routes!(forms::manifest))
        .at(Access::Public, routes!(submit::submit, submit::welcome))
        .map(|r| r.layer(DefaultBodyLimit::max(MOST_BYTES)).layer(Extension(darkroom)))
        .at(Access::May(Permission::TaskRead), routes!(setup::setup))
}

base::problems! {
    /// No login and password, or not in the way of HTTP Basic.
    SIGN_IN = 401 "openrosa.sign_in",
        zh "请登录" / "请在 ODK Collect 的服务器设置里填写踏实的登录名和密码。",
        en "Sign in" / "Enter your Tashi login and password in the server settings of ODK Collect.";
    /// The submission is not one we can read.
    UNREADABLE = 422 "openrosa.unreadable",
        zh "提交的内容无法读取" / "{what}。答案仍保存在手机上，请联系管理员。",
        en "The submission cannot be read" / "{what}. The answers are still on the phone; tell your administrator.";
}
