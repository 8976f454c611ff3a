//! What the server must know of a text: its words, and the files it names. Pure.

use uuid::Uuid;

/// How a text names a file.
const FILE: &str = "](file:";
/// Characters of an id in its usual form.
const ID: usize = 36;

/// The files a text names, each once, in order.
pub fn files(text: &str) -> Vec<Uuid> {
    let mut found = vec![];
    for part in text.split(FILE).skip(1) {
        let id = part.get(..ID).and_then(|id| Uuid::try_parse(id).ok());
        if let Some(id) = id.filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}

/// The words of a text as a reader sees them, in one line.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        words(line.trim_start_matches(['#', '>', '-', '+', '*', ' ', '\t']), &mut out);
        out.push(' ');
    }
    let parts: Vec<&str> = out.split_whitespace().collect();
    parts.join(" ")
}

/// Words of a line: marks go, of a link its text stays.
fn words(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find("](") {
        let (before, after) = rest.split_at(at);
        marks(before, out);
        rest = match after.find(')') {
            Some(end) => &after[end + 1..],
            None => &after[2..],
        };
    }
    marks(rest, out);
}

fn marks(text: &str, out: &mut String) {
    out.extend(text.chars().filter_map(|c| match c {
        '*' | '`' | '[' | '!' | '~' | '\\' => None,
        '|' => Some(' '),
        c => Some(c),
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_words() {
        let id = Uuid::from_u128(7);
        let text = format!(
            "# 椰汁 **1L** 话术\n\n- 先说`冷藏`\n![陈列图](file:{id})\n\n| 品名 | 价格 |\n|---|---|\n见 [手册](https://a.cn/x)。"
        );
        assert_eq!(plain(&text), "椰汁 1L 话术 先说冷藏 陈列图 品名 价格 --- --- 见 手册。");
        assert_eq!(files(&format!("{text} [附件](file:{id}) ![坏](file:zz)")), [id]);
    }
}
