//! Who is in the demonstration. Names and companies are invented.

/// The password of every account.
pub(crate) const PASSWORD: &str = "hansa-demo";

/// A company.
pub(crate) struct Company {
    pub(crate) full_name: &'static str,
    pub(crate) host_name: &'static str,
    pub(crate) industry: &'static str,
    pub(crate) founder: &'static str,
    pub(crate) departments: &'static [&'static str],
    pub(crate) people: &'static [Person],
}

/// One of its people.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) account: &'static str,
    pub(crate) department: &'static str,
    pub(crate) position: &'static str,
}

const fn person(
    name: &'static str,
    account: &'static str,
    department: &'static str,
    position: &'static str,
) -> Person {
    Person {
        name,
        account,
        department,
        position,
    }
}

/// Both companies.
pub(crate) const COMPANIES: &[Company] = &[
    Company {
        full_name: "海云网络科技有限公司",
        host_name: "haiyun",
        industry: "software",
        founder: "陈海",
        departments: &["研发部", "市场部", "人力资源部", "财务部"],
        people: &[
            person("李娜", "lina", "研发部", "研发总监"),
            person("王伟", "wangwei", "研发部", "后端工程师"),
            person("张敏", "zhangmin", "研发部", "前端工程师"),
            person("Emma Brown", "emma", "研发部", "Designer"),
            person("刘洋", "liuyang", "市场部", "市场经理"),
            person("Thomas Weber", "thomas", "市场部", "Sales Manager"),
            person("赵静", "zhaojing", "市场部", "客户经理"),
            person("孙丽", "sunli", "人力资源部", "人事经理"),
            person("周强", "zhouqiang", "人力资源部", "招聘专员"),
            person("吴秀兰", "wuxiulan", "财务部", "会计"),
        ],
    },
    Company {
        full_name: "青禾精密制造有限公司",
        host_name: "qinghe",
        industry: "manufacturing",
        founder: "林青",
        departments: &["生产部", "质量部", "采购部"],
        people: &[
            person("何建国", "hejianguo", "生产部", "生产主管"),
            person("Sofia Rossi", "sofia", "质量部", "Quality Engineer"),
            person("高翔", "gaoxiang", "生产部", "工艺工程师"),
            person("郭晓燕", "guoxiaoyan", "生产部", "计划员"),
            person("罗斌", "luobin", "质量部", "质检员"),
            person("James Carter", "james", "采购部", "Buyer"),
            person("梁玉", "liangyu", "采购部", "采购经理"),
        ],
    },
];
