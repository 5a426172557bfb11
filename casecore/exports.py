"""What a package offers that is made of its modules' stars: the sum of what they offer, said nowhere again."""

from types import ModuleType

__all__ = ["names_of"]


def names_of(*modules: ModuleType) -> list[str]:
    """Every name the modules offer, in their order; raises ``ImportError`` where two of them offer one name."""
    names = [name for module in modules for name in module.__all__]
    if len(set(names)) < len(names):
        raise ImportError(f"offered twice: {', '.join(sorted({name for name in names if names.count(name) > 1}))}")
    return names
