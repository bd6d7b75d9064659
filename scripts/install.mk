# What a person installs: the program, its scenarios, its manual, and packages of them.

PREFIX ?= /usr/local
PKGCONFIG_FOLDER ?= lib/pkgconfig
INSTALLED_WITH = DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' BUILD='$(BUILD)' PKGCONFIG_FOLDER='$(PKGCONFIG_FOLDER)'

# Made anew each time: PREFIX may be another.
.PHONY: $(BUILD)/freshcheck.pc
$(BUILD)/freshcheck.pc:
	@mkdir -p $(@D)
	@sed 's|@prefix@|$(PREFIX)|; s|@version@|$(VERSION)|' packaging/freshcheck.pc.in > $@

.PHONY: install uninstall
install: all $(BUILD)/freshcheck.pc ## install below PREFIX (/usr/local); DESTDIR goes before it
	@$(INSTALLED_WITH) scripts/install-files install

uninstall: ## remove what make install installed, with the same PREFIX and DESTDIR
	@$(INSTALLED_WITH) scripts/install-files uninstall
