//! What is lost on the way, said so that it can be found in the sheet.

use serde::Serialize;

/// Something of a form that the other side cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// `survey`, `choices` or `settings`.
    pub sheet: String,
    /// As the spreadsheet numbers it, from 1; 0 for the sheet as a whole.
    pub row: u32,
    /// The column's heading; empty for the whole row.
    pub column: String,
    /// What: a key of [`Loss::sentence`].
    pub code: &'static str,
    /// The word it is about: a type, a function, a name.
    pub name: String,
    /// The form would mean something else without it: nothing is made of the file.
    pub refused: bool,
}

impl Loss {
    pub fn new(sheet: &str, row: u32, column: &str, code: &'static str, name: impl ToString) -> Loss {
        let name = name.to_string().chars().take(120).collect();
        Loss { sheet: sheet.into(), row, column: column.into(), code, name, refused: false }
    }

    pub fn refused(self) -> Loss {
        Loss { refused: true, ..self }
    }

    /// What happens with it, in Chinese and English.
    pub fn sentence(&self) -> (&'static str, &'static str) {
        SENTENCES.iter().find(|s| s.0 == self.code).map_or(("无法保留", "Cannot be kept"), |s| (s.1, s.2))
    }
}

/// Code, Chinese, English.
const SENTENCES: [(&str, &str, &str); 56] = [
    (
        "check",
        "XLSForm 没有检查项：结果、数值、照片、说明和得分无法一起保留",
        "XLSForm has no checked items: result, value, pictures, remark and score cannot be kept together",
    ),
    (
        "survey",
        "缺少 survey 工作表，或其中没有 type、name 两列",
        "The survey sheet is missing, or lacks its columns type and name",
    ),
    ("columns", "此列不使用，已忽略", "This column is not used and was ignored"),
    ("sheet", "此工作表不使用，已忽略", "This sheet is not used and was ignored"),
    ("setting", "此设置不使用，已忽略", "This setting is not used and was ignored"),
    (
        "encrypted",
        "加密提交暂不支持：内容会以明文形式收集",
        "Encrypted submissions are not supported: answers would be collected in the clear",
    ),
    ("type", "没有对应的题型", "There is no such kind of question here"),
    (
        "meta",
        "记录本身已带有填写人与时间，此行不再需要",
        "A record carries its person and times by itself; the row is not needed",
    ),
    (
        "position",
        "不在后台采集位置，此行已忽略",
        "No position is taken in the background; the row was left out",
    ),
    ("name", "名称缺失或重复", "The name is missing or used twice"),
    (
        "renamed",
        "标识只用小写字母、数字和下划线，已改名",
        "Keys have lower-case letters, digits and underscores only; it was renamed",
    ),
    ("nested_repeat", "表格里不能再有表格", "A table cannot hold another table"),
    (
        "unbalanced",
        "分组或重复的开始与结束不成对",
        "The beginnings and ends of groups and repeats do not match",
    ),
    ("row_group", "表格行内的分组标题不保留", "The heading of a group inside a table is not kept"),
    ("label", "没有题目文字，已用名称代替", "There is no label; the name stands in for it"),
    (
        "piped",
        "题目文字里的答案引用改成题目名称",
        "An answer quoted in a text became the name of its question",
    ),
    ("language", "同一语言出现两次，保留第一列", "A language appears twice; the first column was kept"),
    (
        "media",
        "题目附带的图片、声音、视频不保留",
        "Pictures, sounds and videos beside questions are not kept",
    ),
    ("guidance", "补充提示不保留", "The guidance hint is not kept"),
    ("appearance", "显示样式不保留", "How it looks is not kept"),
    ("parameters", "参数不保留", "The parameter is not kept"),
    ("required_message", "必填提示用系统的标准说法", "The standard sentence is used for a missing answer"),
    ("places", "小数保留六位", "Six decimal places are kept"),
    ("calculated", "计算结果会显示给填写人", "The computed value is shown to the person"),
    ("typed_over", "计算出的答案不能再手工改写", "A computed answer cannot be typed over"),
    ("list", "没有这个选项列表", "There is no such list of choices"),
    (
        "external",
        "来自外部文件的选项暂不支持，请把选项写入 choices 表",
        "Choices from another file are not supported; write them into the choices sheet",
    ),
    ("choice", "选项的值缺失或重复", "The value of a choice is missing or used twice"),
    (
        "filter",
        "这个选项筛选条件无法表达；支持“列 = ${上级题}”",
        "This choice filter cannot be said here; “column = ${parent}” can",
    ),
    (
        "filter_gap",
        "筛选列有空格：这些选项在原表单里不会出现",
        "The filter column has gaps: those choices would never be offered in the original",
    ),
    ("random", "选项顺序不再随机", "Choices are no longer shuffled"),
    ("read_only", "只读题没有可显示的内容", "A read-only question has nothing to show"),
    (
        "trigger",
        "只在某题改动时才计算，这里无法表达",
        "Computing only when another answer changes cannot be said here",
    ),
    ("default", "默认值不符合题型", "The default does not fit the question"),
    ("repeat_count", "重复次数无法表达", "The number of repetitions cannot be said here"),
    ("calc_kind", "这种题型不能由公式计算", "This kind of question cannot be computed"),
    (
        "remainder",
        "负数取余的结果按数学规则（余数不为负）",
        "Remainders of negative numbers follow mathematics (never negative)",
    ),
    ("too_long", "表达式太长", "The expression is too long"),
    ("too_deep", "表达式嵌套太深", "The expression is nested too deeply"),
    ("syntax", "表达式有误", "The expression cannot be read"),
    ("bracket", "括号不成对", "A bracket has no partner"),
    ("character", "表达式中有不认识的字符", "The expression has a character that is not known"),
    ("number", "不是数字", "Not a number"),
    ("text_open", "文字的引号没有闭合", "A text is not closed by its quote"),
    ("path", "只支持 ${题名}，不支持 XPath 路径", "Only ${name} is supported, no XPath paths"),
    ("function", "没有这个函数", "There is no such function here"),
    ("arguments", "函数的参数不支持", "The function cannot be used with these arguments"),
    ("field", "没有这道题", "There is no such question"),
    (
        "other_row",
        "不能在表格之外引用表格里的单个答案",
        "A single answer of a table's row cannot be named outside that row",
    ),
    (
        "kind",
        "这些类型的答案不能这样比较或计算",
        "Answers of these kinds cannot be compared or computed like this",
    ),
    ("column", "不认识的名称", "An unknown name"),
    ("formula", "此公式用 XLSForm 无法表达", "This formula cannot be said in XLSForm"),
    (
        "own",
        "其他软件不认识这一项；重新导入踏实时仍会保留",
        "Other programs do not know this; it is kept when imported here again",
    ),
    (
        "hidden_calc",
        "在其他软件里，计算结果不显示给填写人",
        "Other programs do not show the computed value to the person",
    ),
    (
        "reference",
        "其他软件只能填写编号，不能从档案中选择",
        "Other programs can only take the id, not choose from the archive",
    ),
    ("formula_limit", "公式超出长度或层数限制", "The formula is beyond the limits of length and depth"),
];
