# The manual page and what else a package holds beside the program; `cpack -G DEB` in the build folder makes a Debian
# package of it, without the library.
set(R8SCAN_CONTACT "maintainers@r8scan.dev")

add_executable(r8scan_man ${CMAKE_CURRENT_SOURCE_DIR}/generate/man.cpp)
target_link_libraries(r8scan_man PRIVATE r8scan_cmd r8scan_warnings)
set_target_properties(r8scan_man PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
find_program(GZIP_PROGRAM gzip REQUIRED)
set(R8SCAN_SHARE ${CMAKE_CURRENT_BINARY_DIR}/share)
configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in ${R8SCAN_SHARE}/changelog @ONLY)
configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright.in ${R8SCAN_SHARE}/copyright @ONLY)
add_custom_command(OUTPUT ${R8SCAN_SHARE}/r8scan.1 ${R8SCAN_SHARE}/r8scan.1.gz ${R8SCAN_SHARE}/changelog.gz
  COMMAND r8scan_man > ${R8SCAN_SHARE}/r8scan.1
  COMMAND ${GZIP_PROGRAM} -9nc ${R8SCAN_SHARE}/r8scan.1 > ${R8SCAN_SHARE}/r8scan.1.gz
  COMMAND ${GZIP_PROGRAM} -9nc ${R8SCAN_SHARE}/changelog > ${R8SCAN_SHARE}/changelog.gz
  DEPENDS r8scan_man ${R8SCAN_SHARE}/changelog VERBATIM)
add_custom_target(r8scan_share ALL DEPENDS ${R8SCAN_SHARE}/r8scan.1.gz)
install(FILES ${R8SCAN_SHARE}/r8scan.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${R8SCAN_SHARE}/copyright ${R8SCAN_SHARE}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/r8scan
  COMPONENT program)

set(CPACK_PACKAGE_NAME r8scan)
set(CPACK_PACKAGE_CONTACT "r8scan maintainers <${R8SCAN_CONTACT}>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "finds leaked Replicate API tokens in git repositories")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
  "r8scan reads every object of a git repository and all of its history, finds\n Replicate API tokens in plain text, in encodings and in archives, and says for\n each which commit brought it, which removed it, and where it stands today.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME r8scan)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS git)
set(CPACK_DEBIAN_PROGRAM_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# It sees what the program is linked with. What that loads later is looked up as it would: in what each package says of
# its libraries (deb-shlibs(5)).
find_program(DPKG_QUERY dpkg-query)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "")
foreach(library IN LISTS R8SCAN_LAZY_LIBRARIES)
  if(DPKG_QUERY)
    get_filename_component(file ${library} REALPATH)
    string(REGEX REPLACE "^/usr/lib" "/lib" before_usr_merge ${file})
    execute_process(COMMAND ${DPKG_QUERY} -S ${file} ${before_usr_merge} OUTPUT_VARIABLE owner ERROR_QUIET)
    string(REGEX REPLACE ": .*" "" owner "${owner}")
    execute_process(COMMAND ${DPKG_QUERY} --control-show ${owner} shlibs OUTPUT_VARIABLE shlibs ERROR_QUIET)
    if(shlibs MATCHES "(^|\n)lib[^ \t:]+[ \t]+[^ \t]+[ \t]+([^\n]+)")
      list(APPEND CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "${CMAKE_MATCH_2}")
    endif()
  endif()
endforeach()
list(JOIN CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS ", " CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
