package io.nephos.kit.data;

import jakarta.persistence.metamodel.EntityType;
import jakarta.persistence.metamodel.Metamodel;
import jakarta.persistence.metamodel.SingularAttribute;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The HQL statement that deletes one entity by its id and, where it has one, its version. */
record Deletion(String hql, Map<String, Object> parameters) {

    static Deletion of(Metamodel metamodel, Object entity) {
        EntityType<?> type = metamodel.entity(entity.getClass());
        Map<String, Object> parameters = new HashMap<>();
        for (SingularAttribute<?, ?> attribute : key(type)) {
            parameters.put(attribute.getName(), value(attribute, entity));
        }
        String conditions =
                parameters.keySet().stream().map(name -> name + " = :" + name).collect(Collectors.joining(" and "));
        return new Deletion("delete from " + type.getName() + " where " + conditions, parameters);
    }

    private static Set<SingularAttribute<?, ?>> key(EntityType<?> type) {
        return type.getSingularAttributes().stream()
                .filter(attribute -> attribute.isId() || attribute.isVersion())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Object value(SingularAttribute<?, ?> attribute, Object entity) {
        try {
            Field field = (Field) attribute.getJavaMember();
            field.setAccessible(true);
            return field.get(entity);
        } catch (IllegalAccessException | ClassCastException e) {
            throw new IllegalStateException("The entity's " + attribute.getName() + " cannot be read", e);
        }
    }
}
