"""Words of a district's books (区划账簿): what they are made of."""

from casecore.vocabulary.terms import Term

__all__ = ["BookEntry"]


class BookEntry(Term):
    """What one entry of the books is."""

    RULE = "rule", "区划规则"
    ITEM = "item", "事项"
    THEME = "theme", "一件事主题"
    SITE = "site", "办理点"
    SEAL = "seal", "印章"
    BOX = "box", "投递箱"
    CALENDAR = "calendar", "工作日历"
    CALENDAR_YEAR = "calendar_year", "年度放假安排"
    CALENDAR_IN_FORCE = "calendar_in_force", "现行工作日历"

    @property
    def en(self) -> str:
        """What it is called in an English sentence."""
        return self.value.replace("_", " ")
