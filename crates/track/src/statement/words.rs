//! The words of a statement in both languages, for its table and its printed form.

use base::problem::Lang;

use super::WithheldReason;
use crate::{GapKind, Mode};

fn choose(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

pub fn mode(mode: Mode, lang: Lang) -> &'static str {
    match mode {
        Mode::Driving => choose(lang, "驾车", "by car"),
        Mode::Ebike => choose(lang, "电动车", "by e-bike"),
        Mode::Walking => choose(lang, "步行", "on foot"),
        Mode::Transit => choose(lang, "公共交通", "public transport"),
    }
}

pub fn gap(kind: GapKind, lang: Lang) -> &'static str {
    match kind {
        GapKind::NoPermission => choose(lang, "定位权限关闭", "no permission"),
        GapKind::PhoneOff => choose(lang, "手机关机", "phone off"),
        GapKind::NoSignal => choose(lang, "没有定位信号", "no signal"),
        GapKind::Unknown => choose(lang, "原因未知", "reason unknown"),
    }
}

pub fn withheld(reason: WithheldReason, lang: Lang) -> &'static str {
    match reason {
        WithheldReason::OffDuty => choose(lang, "非工作时间", "outside working time"),
        WithheldReason::Leave => choose(lang, "请假", "leave"),
        WithheldReason::Private => choose(lang, "私人行程", "private trip"),
    }
}

/// Why a position was refused; an unknown reason is shown as it is.
pub fn refusal(reason: &str, lang: Lang) -> &str {
    match reason {
        "off_duty" => choose(lang, "非工作时间", "outside working time"),
        "leave" => choose(lang, "请假", "leave"),
        "private" => choose(lang, "私人行程", "private trip"),
        "policy_off" => choose(lang, "定位策略为关闭", "location policy off"),
        "left" => choose(lang, "已离职", "has left"),
        "expired" => choose(lang, "超过保留期", "older than positions are kept"),
        "bad_time" => choose(lang, "时间不可信", "impossible time"),
        other => other,
    }
}

/// What everybody who reads a statement must know, a sentence a line.
pub fn notes(lang: Lang) -> [&'static str; 4] {
    match lang {
        Lang::Zh => [
            "计入里程只包括工作时间内驾车或骑电动车的行程；步行、公共交通列为未计入。",
            "非工作时间、请假和私人行程中的定位点被拒收，只留下数量，因此这些路程没有长度可列，也从不计入。",
            "缺口是工作时间内没有定位的时段；估计值为直线距离乘以 1.2，只供参考，从不计入。",
            "用导出文件可重算：tashi track statement 导出文件，结果与本单逐字节相同；输入哈希是导出文件的 SHA-256。",
        ],
        Lang::En => [
            "Counted are trips by car or e-bike within working time; walking and public transport are listed as not counted.",
            "Positions outside working time, on leave and in private trips are refused; only their number is kept, so these ways have no length to list and are never counted.",
            "A gap is working time without positions; its estimate is the straight line times 1.2, for orientation only and never counted.",
            "Anybody can make this statement again from the export: tashi track statement EXPORT gives the same bytes; the input hash is the SHA-256 of the export.",
        ],
    }
}
